package dev.tandem.bench;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.load.Arm;
import dev.tandem.bench.load.Caller;
import dev.tandem.stack.StackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Makes each mode's customers, through the API and in that mode. */
final class Shopfront {
  private static final int TRIES = 5;

  private final Caller caller;

  Shopfront(Caller caller) {
    this.caller = caller;
  }

  /** The mode must be in force. */
  Arm open(String mode, int customers, String limit) {
    var made = new ArrayList<String>(Collections.nCopies(customers, ""));
    IntStream.range(0, customers)
        .parallel()
        .forEach(i -> made.set(i, create(mode, mode + " " + i, limit)));
    return new Arm(mode, List.copyOf(made));
  }

  private String create(String mode, String name, String limit) {
    Call last = null;
    for (int i = 0; i < TRIES; i++) {
      last = caller.create(mode, name, limit);
      if (last.ending() == Ending.OK) {
        return last.customer();
      }
    }
    throw new StackException(
        "No customer could be made in mode %s: the last answer was %d %s."
            .formatted(mode, Objects.requireNonNull(last).status(), last.word()));
  }
}
