package dev.tandem.coordinator.xa;

import static java.util.Objects.requireNonNull;

import dev.tandem.coordinator.xa.GlobalTransaction.Phase;
import dev.tandem.coordinator.xa.log.Anomaly;
import dev.tandem.coordinator.xa.log.Halt;
import dev.tandem.rest.ApiProblem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins transactions and ends them. Every verb can be repeated. */
final class XaCoordinator {

  private static final Logger log = LoggerFactory.getLogger(XaCoordinator.class);

  /** Ids repeat only after the clock was set back, and then not many times in a row. */
  private static final int ATTEMPTS_AT_A_NEW_ID = 100;

  private final XaSettings settings;
  private final AtomikosEngine engine;
  private final RemoteParticipants participants;
  private final Deliveries deliveries;
  private final LiveTable live;
  private final EndedTransactions ended;
  private final Executor executor;
  private final MeterRegistry meters;
  private final Halt halt;
  private volatile boolean closing;

  XaCoordinator(
      XaSettings settings,
      AtomikosEngine engine,
      RemoteParticipants participants,
      Deliveries deliveries,
      LiveTable live,
      EndedTransactions ended,
      Executor executor,
      MeterRegistry meters,
      Halt halt) {
    this.settings = settings;
    this.engine = engine;
    this.participants = participants;
    this.deliveries = deliveries;
    this.live = live;
    this.ended = ended;
    this.executor = executor;
    this.meters = meters;
    this.halt = halt;
  }

  /**
   * Begins a transaction with one branch per participant.
   *
   * @throws ApiProblem 503 while the coordinator stops
   */
  GlobalTransaction begin(String reference, Collection<Participant> who) {
    for (int attempt = 0; attempt < ATTEMPTS_AT_A_NEW_ID; attempt++) {
      refuseWhileClosing();
      var branches = who.stream().map(one -> new RemoteBranch(one, reference, deliveries)).toList();
      var jta = engine.begin(branches);
      var transaction = new GlobalTransaction(reference, branches, jta, executor);
      if (isNew(transaction)) {
        branches.forEach(branch -> branch.joins(transaction));
        log.debug("{} begun for {}", transaction.id(), reference);
        return transaction;
      }
      log.warn("{} exists already (was the clock set back?), taking another", transaction.id());
      forget(jta);
    }
    throw new IllegalStateException("no new transaction id to be had");
  }

  private void refuseWhileClosing() {
    if (closing) {
      throw ApiProblem.tryAgain(
          "coordinator-closing", "The coordinator is shutting down.", Duration.ofSeconds(1));
    }
  }

  /**
   * Atomikos makes ids of name, milliseconds and a counter. One that has been used before must not
   * be used again: the old one's outcome would be taken for the new one's.
   */
  private boolean isNew(GlobalTransaction transaction) {
    var id = transaction.id();
    return ended.find(id) == null && deliveries.canNeverCommit(id) && live.add(transaction);
  }

  private static void forget(Transaction jta) {
    try {
      jta.rollback();
    } catch (SystemException | RuntimeException failure) {
      log.debug("{} could not be dropped", jta, failure);
    }
  }

  /**
   * Commits, if all vote so.
   *
   * @param votes by participant; who has not voted yet is asked to prepare
   * @throws ApiProblem 400 if a vote is of somebody who takes no part
   * @return the outcome, or how it stands when the answer did not come in time
   */
  Outcome commit(String id, Map<String, Vote> votes) {
    var transaction = live.find(id);
    if (transaction == null) {
      return outcomeOfEnded(id);
    }
    var branches = transaction.branches();
    if (!branches.keySet().containsAll(votes.keySet())) {
      throw ApiProblem.badField("votes", "only " + branches.keySet() + " take part in " + id);
    }
    if (transaction.tryEnd(Phase.COMMITTING)) {
      votes.forEach((participant, vote) -> requireNonNull(branches.get(participant)).votes(vote));
      carryOut(() -> carryOutCommit(transaction));
    }
    return transaction.await(settings.answerWithin());
  }

  /**
   * Rolls back.
   *
   * @param untouched participants in which nothing of the transaction is left; they are not called
   * @return as {@link #commit}
   */
  Outcome rollback(String id, Set<String> untouched) {
    var transaction = live.find(id);
    if (transaction == null) {
      return outcomeOfEnded(id);
    }
    if (transaction.tryEnd(Phase.ROLLING_BACK)) {
      transaction.branches().values().stream()
          .filter(branch -> untouched.contains(branch.participant()))
          .forEach(RemoteBranch::isUntouched);
      carryOut(() -> carryOutRollback(transaction));
    }
    return transaction.await(settings.answerWithin());
  }

  /** Rolls back what nobody has ended in time. */
  void reap() {
    live.all().stream().filter(this::isLate).forEach(this::reap);
  }

  private boolean isLate(GlobalTransaction transaction) {
    return transaction.age().compareTo(settings.timeout()) >= 0;
  }

  private void reap(GlobalTransaction transaction) {
    if (transaction.tryEnd(Phase.ROLLING_BACK)) {
      log.info("{} rolled back: not ended in {}", transaction.id(), settings.timeout());
      carryOut(() -> carryOutRollback(transaction));
    }
  }

  /**
   * Carries out an end that has been won. Without a thread for it nobody ever would: the entry
   * would stay live, and recovery leaves alone what is live (X1). A restart forgets the entry.
   */
  private void carryOut(Runnable end) {
    try {
      executor.execute(end);
    } catch (RuntimeException | Error noThread) {
      halt.halt(
          "There is no thread to end a transaction with. This process ends, so that recovery can"
              + " end the transaction after a restart.",
          noThread);
      throw noThread;
    }
  }

  private void carryOutCommit(GlobalTransaction transaction) {
    try {
      transaction.jta().commit();
    } catch (Exception noOutcome) {
      // X7: a rollback exception can mean committed, and no exception can mean rolled back
      log.debug("{} commit ended by {}", transaction.id(), noOutcome.toString());
    } finally {
      leave(transaction);
    }
  }

  private void carryOutRollback(GlobalTransaction transaction) {
    try {
      transaction.jta().rollback();
    } catch (Exception noOutcome) {
      log.debug("{} rollback ended by {}", transaction.id(), noOutcome.toString());
    } finally {
      leave(transaction);
    }
  }

  /** X1: the only way out of the live table. See {@link LiveTable} for why it is safe here. */
  private void leave(GlobalTransaction transaction) {
    boolean decided = transaction.isDecided();
    try {
      if (!decided) {
        rollBackTheRest(transaction);
      }
    } finally { // whom that did not reach, the first scan rolls back: but only what is not live
      leave(transaction, decided);
    }
  }

  private void leave(GlobalTransaction transaction, boolean decided) {
    if (!decided) {
      ended.keep(transaction.id(), Outcome.ROLLED_BACK);
    }
    var outcome = deliveries.outcomeOf(transaction.id());
    live.remove(transaction);
    transaction.ended(outcome);
    meters.counter("tandem.xa.transactions", "outcome", outcome.word()).increment();
    report(transaction, outcome);
  }

  /** Where Atomikos gave up half-way: it does not roll back after a refused decision. */
  private static void rollBackTheRest(GlobalTransaction transaction) {
    transaction.branches().values().stream()
        .filter(branch -> !branch.wasToldToRollBack())
        .forEach(RemoteBranch::rollBack);
  }

  private static void report(GlobalTransaction transaction, Outcome outcome) {
    switch (outcome) {
      case DECIDED -> log.warn("{} decided, a branch has not confirmed yet", transaction.id());
      case MIXED -> log.error("{} mixed: see its anomaly", transaction.id());
      default ->
          log.debug(
              "{} {} after {} ms", transaction.id(), outcome.word(), transaction.age().toMillis());
    }
  }

  /** X2: a verb for an id that can never commit ends its branches now, not at the next scan. */
  private Outcome outcomeOfEnded(String id) {
    boolean heardOf = ended.find(id) != null;
    var outcome = outcomeOf(id);
    if (outcome == Outcome.ROLLED_BACK && !heardOf) {
      participants.abort(id);
    }
    return outcome;
  }

  Outcome outcomeOf(String id) {
    var transaction = live.find(id);
    return transaction == null ? deliveries.outcomeOf(id) : transaction.standing();
  }

  /** Live ones, and decided ones that recovery delivers. */
  List<TransactionView> all() {
    var views = new ArrayList<TransactionView>();
    live.all().forEach(transaction -> views.add(TransactionView.of(transaction, deliveries)));
    deliveries
        .handedToRecovery()
        .forEach(decision -> views.add(TransactionView.of(decision, deliveries)));
    return views;
  }

  TransactionView find(String id) {
    var transaction = live.find(id);
    if (transaction != null) {
      return TransactionView.of(transaction, deliveries);
    }
    return deliveries
        .find(id)
        .map(decision -> TransactionView.of(decision, deliveries))
        .orElseGet(() -> TransactionView.of(id, deliveries.outcomeOf(id)));
  }

  List<Anomaly> anomalies() {
    return deliveries.anomalies();
  }

  /**
   * Begins nothing more, gives what is live the time to end, rolls the rest back. What is decided
   * stays in the log.
   */
  void close() throws InterruptedException {
    closing = true;
    // the reaper ends the active ones at their deadline, the others answer by then
    live.awaitEmpty(settings.timeout().plus(settings.answerWithin()));
    live.all().stream()
        .filter(transaction -> transaction.tryEnd(Phase.ROLLING_BACK))
        .forEach(this::carryOutRollback);
    if (live.size() > 0) {
      log.warn("{} transactions are left to recovery", live.size());
    }
  }

  Duration timeout() {
    return settings.timeout();
  }
}
