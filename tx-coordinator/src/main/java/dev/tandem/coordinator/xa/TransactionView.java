package dev.tandem.coordinator.xa;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.coordinator.xa.log.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a transaction stands, for people and for status pages.
 *
 * @param reference what the caller of begin calls it; not known of one that has ended
 * @param ageMillis since begin; since the decision if recovery delivers it; 0 if it has ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TransactionView(
    String transaction,
    @Nullable String reference,
    Outcome outcome,
    long ageMillis,
    List<BranchView> branches) {

  /** One participant's part: {@code active}, {@code prepared}, {@code answered}. */
  record BranchView(String participant, String branch, String state) {}

  private static final String ANSWERED = "answered";

  static TransactionView of(GlobalTransaction live, Deliveries deliveries) {
    var branches =
        live.branches().values().stream().map(b -> view(live.id(), b, deliveries)).toList();
    return new TransactionView(
        live.id(), live.reference(), live.standing(), live.age().toMillis(), branches);
  }

  private static BranchView view(String id, RemoteBranch branch, Deliveries deliveries) {
    var vote = branch.vote();
    var state = vote == null ? Outcome.ACTIVE.word() : vote.word();
    boolean answered = deliveries.isAnswered(id, branch.participant());
    return new BranchView(
        branch.participant(), branch.id().toString(), answered ? ANSWERED : state);
  }

  static TransactionView of(Decision decision, Deliveries deliveries) {
    var id = decision.transaction();
    var branches =
        decision.branches().entrySet().stream()
            .map(
                branch ->
                    new BranchView(
                        branch.getKey(),
                        branch.getValue(),
                        deliveries.isAnswered(id, branch.getKey())
                            ? ANSWERED
                            : Vote.PREPARED.word()))
            .toList();
    var age = deliveries.ageOf(decision).toMillis();
    return new TransactionView(id, decision.reference(), Outcome.DECIDED, age, branches);
  }

  static TransactionView of(String ended, Outcome outcome) {
    return new TransactionView(ended, null, outcome, 0, List.of());
  }
}
