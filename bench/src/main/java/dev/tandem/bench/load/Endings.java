package dev.tandem.bench.load;

import dev.tandem.bench.history.Ending;
import dev.tandem.stack.shop.Answer;
import java.util.Set;

/** What a client may conclude from an answer. */
final class Endings {
  private static final int ACCEPTED = 202;
  private static final int CONFLICT = 409;
  private static final int STALE = 412;
  private static final int AWAY = 503;

  private static final Set<String> NOBODY_KNOWS =
      Set.of("outcome-unknown", "earlier-attempt-unknown");

  private Endings() {}

  static Ending of(Answer answer) {
    int status = answer.status();
    if (word(answer).equals(Answer.NO_CONNECTION)) {
      return Ending.FAILED;
    }
    if (status == Answer.NONE || status == ACCEPTED || NOBODY_KNOWS.contains(word(answer))) {
      return Ending.UNKNOWN;
    }
    if (status < 300) {
      return answer.text("orderState").equals("REJECTED") ? Ending.REFUSED : Ending.OK;
    }
    if (status == CONFLICT || status == STALE) {
      return Ending.REFUSED;
    }
    boolean nothingTookPlace =
        status < 500 || (status == AWAY && answer.header("retry-after").isPresent());
    return nothingTookPlace ? Ending.FAILED : Ending.UNKNOWN;
  }

  /** The problem's code, or why the order was rejected. */
  static String word(Answer answer) {
    var code = answer.text("code");
    return code.isEmpty() ? answer.text("rejectionReason") : code;
  }
}
