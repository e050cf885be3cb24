package dev.tandem.stack.crash;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.crash.Cell.Trial;
import dev.tandem.stack.crash.Cell.Wish;
import dev.tandem.stack.crash.Fault.Healed;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What became of one change after its fault: by both databases first, then by what is said of it.
 */
final class Inquest {

  private static final String BEFORE = "100.00 v1";
  private static final String AFTER = "250.00 v2";

  /** What the client may conclude from its answer. */
  private enum Word {
    APPLIED,
    REFUSED,
    UNKNOWN,
    NONSENSE
  }

  private final CrashStack stack;
  private final Cell cell;
  private final Trial trial;
  private final String change;
  private final Healed healed;
  private final List<Evidence> evidence = new ArrayList<>();

  Inquest(CrashStack stack, Cell cell, Trial trial, String change, String proof, Healed healed) {
    this.stack = stack;
    this.cell = cell;
    this.trial = trial;
    this.change = change;
    this.healed = healed;
    evidence.add(new Evidence("the change stood " + cell.step().title(), true, proof));
    evidence.addAll(healed.seen());
  }

  Report report(Duration patience) throws Exception {
    boolean joined = cell.step().compareTo(Step.COPY_HAS_JOINED) >= 0;
    var settled = awaitSettled(patience);
    var answer = trial.answer().get();
    var outcome = outcome();
    answerIsTrue(answer, outcome);
    evidence.addAll(stack.check().all());
    var told = changeIsReported(answer, outcome, patience);
    repeatingAppliesItOnce(patience);
    return new Report(cell.name(), answer.inWords(), outcome, joined, settled, told, evidence);
  }

  /** Over, for the client too: as long as it waits, somebody still works. */
  private Duration awaitSettled(Duration patience) {
    var left =
        until(
            patience,
            () ->
                trial.answer().isDone()
                    && stack.databases().unsettled(trial.customer()).isEmpty()
                    && stack.parts().unsettled().openActions() == 0);
    var words =
        left.isPresent()
            ? "after " + left.get().toMillis() + " ms"
            : "not within " + patience + ": " + stack.databases().unsettled(trial.customer());
    var took = left.orElse(patience);
    evidence.add(
        new Evidence(
            "databases agree, nothing is prepared, no lock is held, in time",
            isInTime(left),
            words));
    return took;
  }

  /** By the tables: {@code applied} on both sides, {@code nothing} on both sides, or half. */
  private String outcome() throws SQLException {
    var limits =
        List.of(
            databases().limitAtOwner(trial.customer()), databases().limitAtCopy(trial.customer()));
    if (limits.equals(List.of(AFTER, AFTER))) {
      return "applied";
    }
    return limits.equals(List.of(BEFORE, BEFORE))
        ? "nothing"
        : "owner " + limits.get(0) + ", copy " + limits.get(1);
  }

  private void answerIsTrue(Answer answer, String outcome) throws SQLException {
    var word = word(answer);
    boolean isTrue =
        switch (word) {
          case APPLIED -> outcome.equals("applied");
          case REFUSED -> outcome.equals("nothing");
          case UNKNOWN -> outcome.equals("applied") || outcome.equals("nothing");
          case NONSENSE -> false;
        };
    evidence.add(
        new Evidence(
            "the client's answer is true",
            isTrue,
            answer.inWords() + " " + answer.body() + ", and it is " + outcome));
    if (word == Word.APPLIED) {
      evidence.add(stack.check().acknowledgedTookPlace(List.of(change)));
    }
    if (word == Word.REFUSED) {
      evidence.add(stack.check().refusedDidNot(List.of(change)));
    }
  }

  private static Word word(Answer answer) {
    if (answer.status() == 200) {
      return Word.APPLIED;
    }
    if (answer.status() == Answer.NONE
        || answer.status() == 202
        || answer.text("code").equals("outcome-unknown")) {
      return Word.UNKNOWN;
    }
    boolean retryable = answer.body().path("retryable").asBoolean(false);
    boolean refusal =
        answer.status() == 409 || answer.status() == 412 || (answer.status() == 503 && retryable);
    return refusal ? Word.REFUSED : Word.NONSENSE;
  }

  /** GET /limit-changes/{id} comes to say what the tables say. */
  private Duration changeIsReported(Answer answer, String outcome, Duration patience) {
    var wanted = outcome.equals("applied") ? List.of("applied") : List.of("refused", "compensated");
    boolean mayBeForgotten = word(answer) == Word.REFUSED;
    var told =
        until(
            patience,
            () -> {
              var now = stack.client().limitChange(change);
              return wanted.contains(now.text("state")) || (mayBeForgotten && now.status() == 404);
            });
    var last = stack.client().limitChange(change);
    evidence.add(
        new Evidence(
            "GET /limit-changes/{id} reports the outcome, in time",
            isInTime(told),
            last.inWords()
                + " "
                + last.text("state")
                + told.map(t -> " after " + t.toMillis() + " ms").orElse("")));
    return told.orElse(patience);
  }

  /** The same key until it has its final answer: then it is applied, and once; or never. */
  private void repeatingAppliesItOnce(Duration patience) throws SQLException {
    boolean vetoed = trial.wish() == Wish.VETOED;
    var finalAnswer = vetoed ? "409 below-exposure" : "200";
    var answers = new ArrayList<String>();
    until(
        patience,
        () -> {
          var again = stack.change(trial.customer(), trial.wish(), trial.key());
          answers.add(again.inWords());
          return again.inWords().equals(finalAnswer);
        });
    var twice = stack.change(trial.customer(), trial.wish(), trial.key());
    answers.add(twice.inWords());
    var applied = databases().changesApplied(trial.customer());
    boolean holds =
        twice.inWords().equals(finalAnswer)
            && applied.equals(vetoed ? "0 and 0" : "1 and 1")
            && outcome().equals(vetoed ? "nothing" : "applied");
    evidence.add(
        new Evidence(
            "repeated with the same key it is " + (vetoed ? "vetoed" : "applied once"),
            holds,
            "answers " + answers + ", applied " + applied + " times, " + outcome()));
  }

  private Optional<Duration> until(Duration patience, Callable<Boolean> condition) {
    try {
      await()
          .atMost(patience)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .until(condition);
      return Optional.of(Duration.ofNanos(System.nanoTime() - healed.at()));
    } catch (ConditionTimeoutException never) {
      return Optional.empty();
    }
  }

  private boolean isInTime(Optional<Duration> took) {
    return took.isPresent() && took.get().compareTo(stack.limit()) <= 0;
  }

  private TwoDatabases databases() {
    return stack.databases();
  }
}
