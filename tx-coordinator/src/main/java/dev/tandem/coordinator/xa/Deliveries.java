package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.Participant.Answer;
import dev.tandem.coordinator.xa.log.Anomaly;
import dev.tandem.coordinator.xa.log.Decision;
import dev.tandem.coordinator.xa.log.DecisionLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions from their force to the last confirmation. Everybody who tells a participant to commit
 * or roll back does it through here, so that no answer is lost, whoever hears it: a record is ended
 * when, and only when, every branch has answered for good. What Atomikos concludes from its
 * exceptions plays no part in it (X7).
 */
final class Deliveries {

  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  static final String ROLLED_BACK_THERE =
      "commit was decided, but the participant has neither the branch nor the change";
  static final String COMMITTED_THERE =
      "the transaction was rolled back, but the participant has committed its branch";

  private final DecisionLog decisions;
  private final LiveTable live;
  private final EndedTransactions ended;
  private final Clock clock;

  /** Who has answered for good, by transaction. Empty after a restart: then all are asked again. */
  private final Map<String, Set<String>> answered = new ConcurrentHashMap<>();

  Deliveries(DecisionLog decisions, LiveTable live, EndedTransactions ended, Clock clock) {
    this.decisions = decisions;
    this.live = live;
    this.ended = ended;
    this.clock = clock;
  }

  /**
   * Forces the decision to commit. The second half of X1: recovery rolls back what is not live, so
   * only what is live, and won for commit, may be decided. The entry stays live until commit has
   * returned, so this cannot become untrue while the force is under way.
   *
   * @throws IllegalStateException if the transaction is not live or not committing
   */
  void decide(String id) {
    var transaction = live.find(id);
    if (transaction == null || !transaction.isCommitting()) {
      throw new IllegalStateException(id + " is not live: it may have been rolled back");
    }
    var branches = new TreeMap<String, String>();
    transaction.branches().forEach((name, branch) -> branches.put(name, branch.id().toString()));
    decisions.decide(new Decision(id, transaction.reference(), branches, clock.instant()));
    transaction.isNowDecided();
    log.debug("{} decided", id);
  }

  Answer commit(Participant participant, BranchId branch) {
    var answer = participant.commit(branch.toString());
    if (answer == Answer.CONTRARY) {
      note(participant, branch, ROLLED_BACK_THERE);
    }
    if (answer != Answer.AWAY) {
      answered(branch.transaction(), participant.name());
    }
    return answer;
  }

  Answer rollBack(Participant participant, BranchId branch) {
    var answer = participant.rollback(branch.toString());
    if (answer == Answer.CONTRARY) {
      note(participant, branch, COMMITTED_THERE);
    }
    return answer;
  }

  private void note(Participant participant, BranchId branch, String what) {
    var text = branch.toString();
    if (decisions.anomalies().stream().noneMatch(known -> known.branch().equals(text))) {
      log.error("{} anomaly at {}: {} ({})", branch.transaction(), participant.name(), what, text);
      decisions.note(
          new Anomaly(branch.transaction(), participant.name(), text, what, clock.instant()));
    }
  }

  private void answered(String id, String participant) {
    answered.compute(id, (same, before) -> withOneMore(id, before, participant));
  }

  private @Nullable Set<String> withOneMore(
      String id, @Nullable Set<String> before, String participant) {
    var decision = decisions.find(id).orElse(null);
    if (decision == null) {
      return null; // a late repeat: ended already
    }
    var now = before == null ? new HashSet<String>() : new HashSet<>(before);
    now.add(participant);
    if (!now.containsAll(decision.branches().keySet())) {
      return now;
    }
    end(decision);
    return null;
  }

  /** The outcome is kept before the record goes: whoever does not find the one finds the other. */
  private void end(Decision decision) {
    var id = decision.transaction();
    ended.keep(id, isMixed(id) ? Outcome.MIXED : Outcome.COMMITTED);
    decisions.end(id);
    if (!live.has(id)) {
      log.info("{} delivered by recovery", id);
    }
  }

  private boolean isMixed(String id) {
    return decisions.anomalies().stream()
        .anyMatch(a -> a.transaction().equals(id) && a.what().equals(ROLLED_BACK_THERE));
  }

  /** Whether the participant has answered the commit of this decision for good. */
  boolean isAnswered(String id, String participant) {
    return answered.getOrDefault(id, Set.of()).contains(participant);
  }

  /** X1: what is still live is delivered by its own thread. */
  List<Decision> handedToRecovery() {
    return decisions.undelivered().stream()
        .filter(decision -> !live.has(decision.transaction()))
        .toList();
  }

  Optional<Decision> find(String id) {
    return decisions.find(id);
  }

  Duration ageOf(Decision decision) {
    return Duration.between(decision.decidedAt(), clock.instant());
  }

  /** Everything that is not ended in the log, live or not. */
  Collection<Decision> undelivered() {
    return decisions.undelivered();
  }

  /**
   * The order of the three looks is the point: an entry is ended or in the log before it leaves the
   * table, and ended before it leaves the log. So a transaction that is found in none of them was
   * in none of them, is not decided, and never will be.
   */
  boolean canNeverCommit(String id) {
    return !live.has(id) && decisions.find(id).isEmpty() && !isEndedAsCommit(id);
  }

  private boolean isEndedAsCommit(String id) {
    var outcome = ended.find(id);
    return outcome != null && outcome.isCommit();
  }

  /** How a transaction stands that is not live. */
  Outcome outcomeOf(String id) {
    if (decisions.find(id).isPresent()) {
      return Outcome.DECIDED;
    }
    var outcome = ended.find(id);
    if (outcome != null) {
      return outcome;
    }
    return isMixed(id) ? Outcome.MIXED : Outcome.ROLLED_BACK; // presumed abort
  }

  List<Anomaly> anomalies() {
    return decisions.anomalies();
  }
}
