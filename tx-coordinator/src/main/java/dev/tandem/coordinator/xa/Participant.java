package dev.tandem.coordinator.xa;

import java.util.List;

/**
 * The verbs of one participant, as the coordinator sees them. Each can be repeated. What did not
 * answer in its words has not answered: only {@link Answer#DONE} and {@link Answer#CONTRARY} are
 * outcomes.
 */
interface Participant {

  /** What a participant says to commit or rollback. */
  enum Answer {
    DONE,
    /** The opposite has happened there: a heuristic outcome. */
    CONTRARY,
    /** Not reached, busy, or not understood; ask again. */
    AWAY
  }

  /** The list of prepared branches is not to be had. Never to be taken for an empty list. */
  final class Away extends Exception {
    private static final long serialVersionUID = 1L;

    Away(String message, Throwable cause) {
      super(message, cause);
    }
  }

  String name();

  /** Every prepared branch of the coordinator in this participant's database. */
  List<String> prepared(String coordinator) throws Away;

  /** The vote; a participant that does not answer has not prepared. */
  Vote prepare(String branch);

  Answer commit(String branch);

  Answer rollback(String branch);
}
