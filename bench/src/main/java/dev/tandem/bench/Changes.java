package dev.tandem.bench;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.util.concurrent.atomic.LongAdder;

/** Counts the changes of limits that took place. */
final class Changes {
  private final LongAdder count = new LongAdder();

  void made(Call call) {
    if (call.operation() == Operation.CHANGE_LIMIT && call.ending() == Ending.OK) {
      count.increment();
    }
  }

  long count() {
    return count.sum();
  }
}
