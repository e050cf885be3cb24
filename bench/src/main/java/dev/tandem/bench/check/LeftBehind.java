package dev.tandem.bench.check;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What parts other than the databases still hold when a run is over, by the mode it belongs to. */
final class LeftBehind {
  private final Stack stack;

  LeftBehind(Stack stack) {
    this.stack = stack;
  }

  /** In words; a part that does not tell counts as one that holds something. */
  Map<String, List<String>> byMode() {
    var unsettled = stack.unsettled();
    return Map.of(
        "xa", count(unsettled.inDoubt(), "in doubt at the coordinator"),
        "lra",
            Stream.concat(
                    count(unsettled.openActions(), "open at the coordinator").stream(),
                    count(unsettled.failedActions(), "given up by the coordinator").stream())
                .toList(),
        "event", deadLetters());
  }

  private static List<String> count(long number, String words) {
    return number == 0 ? List.of() : List.of(number + " " + words);
  }

  private List<String> deadLetters() {
    try {
      return stack.deadLetters().list().stream()
          .map(letter -> "dead letter %s: %s".formatted(letter.id(), letter.reason()))
          .toList();
    } catch (StackException away) {
      return List.of("dead letters that cannot be seen: " + away.getMessage());
    }
  }
}
