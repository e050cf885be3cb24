package dev.tandem.bench.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a limit takes in one mode by its protocol, with nothing in its way; see
 * docs/performance.md and docs/internal-protocol.md.
 *
 * @param httpCalls the client's own included
 * @param databaseForces forced writes of both databases
 * @param coordinatorForces of the coordinator's log or store
 * @param lockedCalls how many calls follow each other while other changes of the customer wait
 * @param lockedForces how many forced writes follow each other in that time
 * @param lockedBy what they are, in words
 */
record Protocol(
    int httpCalls,
    int databaseForces,
    int coordinatorForces,
    int lockedCalls,
    int lockedForces,
    String lockedBy) {

  private static final Map<String, Protocol> OF_MODE =
      Map.of(
          "xa",
          new Protocol(
              6,
              4,
              1,
              3,
              3,
              "work and its prepare, the decision, the commit: the row is locked from the work to its own commit"),
          "lra",
          new Protocol(
              6,
              4,
              4,
              4,
              7,
              "work, join, close and complete with what each of them forces: the customer is barred from the reservation to its own end"),
          "event",
          new Protocol(
              1, 2, 0, 0, 1, "the owner's own commit; the broker's journal is not counted"),
          "besteffort",
          new Protocol(2, 2, 0, 0, 1, "the owner's own commit; the copy has a lock of its own"));

  /** Null for a mode of which none is written down. */
  static @Nullable Protocol of(String mode) {
    return OF_MODE.get(mode);
  }
}
