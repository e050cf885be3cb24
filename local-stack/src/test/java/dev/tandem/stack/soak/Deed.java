package dev.tandem.stack.soak;

import dev.tandem.stack.shop.Answer;
import java.util.Set;

/**
 * What a client did, and all that it may conclude from the answer.
 *
 * @param key the idempotency key of a change or a creation; "" of an order
 * @param told the change or order as the answer names it; "" where it names none
 * @param words status and code, or the state of an order
 */
record Deed(Kind kind, String key, String told, Word word, String words) {

  enum Kind {
    /** A look at a customer that told nothing; one that did is no deed. */
    LOOK,
    CHANGE,
    ORDER,
    CANCEL
  }

  enum Word {
    /** It took place. */
    DONE,
    /** It did not, and will not. */
    REFUSED,
    /** It may have, or may still. */
    OPEN,
    /** No client can make anything of it. */
    NONSENSE
  }

  private static final Set<Integer> REFUSALS = Set.of(404, 409, 412, 422);

  static Deed look(Answer answer) {
    return new Deed(Kind.LOOK, "", "", word(answer), answer.inWords());
  }

  static Deed change(String key, Answer answer) {
    return new Deed(Kind.CHANGE, key, answer.text("changeId"), word(answer), answer.inWords());
  }

  static Deed order(Kind kind, Answer answer) {
    var state = answer.text("orderState");
    return new Deed(
        kind,
        "",
        answer.text("orderId"),
        word(answer),
        state.isEmpty() ? answer.inWords() : answer.inWords() + " " + state);
  }

  private static Word word(Answer answer) {
    int status = answer.status();
    if (status >= 500 && !(status == 503 && answer.header("retry-after").isPresent())) {
      return Word.NONSENSE; // whatever the code: a client is to know when to come again
    }
    if (status == Answer.NONE || status == 202 || answer.text("code").equals("outcome-unknown")) {
      return Word.OPEN;
    }
    if (status == 200 || status == 201) {
      return Word.DONE;
    }
    boolean tryAgain = status == 503 && answer.body().path("retryable").asBoolean(false);
    return tryAgain || REFUSALS.contains(status) ? Word.REFUSED : Word.NONSENSE;
  }

  /** Whoever was asked was there. */
  boolean isAnswered() {
    return word != Word.OPEN && !words.startsWith("503");
  }

  String inWords() {
    return kind + " " + words;
  }
}
