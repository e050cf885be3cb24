package dev.tandem.stack.crash;

import dev.tandem.stack.shop.Evidence;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one cell showed.
 *
 * @param answer what the client got
 * @param outcome by both databases
 * @param copyHadJoined whether order-service had joined an action when the fault struck
 * @param settled from health until the databases agreed and nothing was prepared or locked
 * @param told from health until {@code GET /limit-changes/{id}} said so
 */
record Report(
    String cell,
    String answer,
    String outcome,
    boolean copyHadJoined,
    Duration settled,
    Duration told,
    List<Evidence> evidence) {

  static final String HEAD =
      """
      | fault | the client's answer | outcome | resolved after | reported after |
      |---|---|---|---|---|
      """;

  boolean holds() {
    return evidence.stream().allMatch(Evidence::holds);
  }

  /** All that was looked at, what is wrong marked. */
  String inWords() {
    return evidence.stream()
        .map(each -> (each.holds() ? "ok   " : "BAD  ") + each.claim() + ": " + each.words())
        .collect(Collectors.joining("\n", cell + "\n", ""));
  }

  /** Its line in the table. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s%s | %.1f s | %.1f s |%n",
        cell,
        answer,
        outcome,
        holds() ? "" : " (FAILED)",
        settled.toMillis() / 1000.0,
        told.toMillis() / 1000.0);
  }
}
