package dev.tandem.coordinator.xa;

import static java.util.Objects.requireNonNull;

import dev.tandem.coordinator.xa.Participant.Answer;
import jakarta.transaction.Transaction;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A live transaction: its branches, and who ends it how. */
final class GlobalTransaction {

  /** The ways out of {@link #ACTIVE}; there is no way from one to the other. */
  enum Phase {
    ACTIVE,
    COMMITTING,
    ROLLING_BACK
  }

  private final String id;
  private final String reference;
  private final Map<String, RemoteBranch> branches = new LinkedHashMap<>();
  private final Transaction jta;
  private final Executor executor;
  // nanoTime, not the clock: a clock that is set must neither age nor rejuvenate a transaction
  private final long begunAt = System.nanoTime();

  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.ACTIVE);
  private final AtomicBoolean phaseTwoBegun = new AtomicBoolean();
  private final Map<RemoteBranch, CompletableFuture<Answer>> begunEarly = new ConcurrentHashMap<>();
  private final CompletableFuture<Outcome> end = new CompletableFuture<>();
  private volatile boolean decided;

  GlobalTransaction(
      String reference, Collection<RemoteBranch> branches, Transaction jta, Executor executor) {
    this.id = branches.iterator().next().id().transaction();
    this.reference = reference;
    this.jta = jta;
    this.executor = executor;
    branches.forEach(branch -> this.branches.put(branch.participant(), branch));
  }

  String id() {
    return id;
  }

  String reference() {
    return reference;
  }

  Map<String, RemoteBranch> branches() {
    return branches;
  }

  Transaction jta() {
    return jta;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begunAt);
  }

  /** X8: the one compare-and-set that commit, rollback and the reaper compete for. */
  boolean tryEnd(Phase how) {
    return phase.compareAndSet(Phase.ACTIVE, how);
  }

  boolean isActive() {
    return phase.get() == Phase.ACTIVE;
  }

  boolean isCommitting() {
    return phase.get() == Phase.COMMITTING;
  }

  /** The decision is on disk. */
  void isNowDecided() {
    decided = true;
  }

  boolean isDecided() {
    return decided;
  }

  /**
   * The first branch that is asked starts the same call for all the others at the same time; they
   * find their answer waiting. Whoever asks again, because there was no good answer, sends a fresh
   * call.
   */
  Answer inParallel(RemoteBranch branch, Function<RemoteBranch, Answer> call) {
    if (phaseTwoBegun.compareAndSet(false, true)) {
      branches.values().stream()
          .filter(other -> other != branch)
          .forEach(other -> begunEarly.put(other, begin(call, other)));
      return call.apply(branch);
    }
    var early = begunEarly.remove(branch);
    return early == null ? call.apply(branch) : early.join();
  }

  private CompletableFuture<Answer> begin(Function<RemoteBranch, Answer> call, RemoteBranch other) {
    return CompletableFuture.supplyAsync(() -> call.apply(other), executor);
  }

  void ended(Outcome outcome) {
    end.complete(outcome);
  }

  /** The outcome; or how it stands now, if it does not come in time. */
  Outcome await(Duration limit) {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException notYet) {
      return standing();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return standing();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(id, impossible); // ended() knows no failure
    }
  }

  Outcome standing() {
    if (decided) {
      return end.getNow(Outcome.DECIDED);
    }
    return switch (requireNonNull(phase.get())) {
      case ACTIVE -> Outcome.ACTIVE;
      case COMMITTING -> end.getNow(Outcome.UNDER_WAY);
      case ROLLING_BACK -> Outcome.ROLLED_BACK; // certain from the compare-and-set on
    };
  }
}
