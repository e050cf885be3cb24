package dev.tandem.mode.lra;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.CopyQuestions.Knowledge;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.TentativeOwner;
import dev.tandem.mode.TentativeOwner.Decision;
import dev.tandem.mode.TentativeOwner.Pending;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.mode.lra.LraCoordinator.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Carries a change in one long running action, as the one who starts and ends it.
 *
 * <p>order-service takes part in the action; customer-service does not. It knows the action's end
 * from the coordinator, and ends its own half last: what it has not completed yet, nobody has seen,
 * so whatever order-service did can still be followed (decision 0008).
 *
 * <p>Promised: an action without a decision is never closed, so it is compensated on both sides; a
 * decision is repeated until the end is known. The coordinator has the last word, also against the
 * decision: a close that comes after the time limit is a cancel.
 */
final class LraMode implements ConsistencyMode {

  static final String NAME = "lra";

  private static final Refusal NOBODY_DECIDED =
      new Refusal(Reason.ROLLED_BACK, "It was taken back before anybody had decided it.");

  private final LraCoordinator coordinator;
  private final TentativeOwner owner;
  private final RemoteCopy copy;
  private final CopyQuestions questions;
  private final ChangeRows rows;
  private final Executor calls;
  private final Audience audience;
  private final Duration closable;

  /**
   * For how long the coordinator must deny an action that order-service still holds, before that
   * counts. One that has just started may not have read all its actions yet.
   */
  private final Duration forgottenAfter;

  /** When the coordinator first denied an action that order-service holds, by nanoTime. Rare. */
  private final Map<ChangeId, Long> denied = new ConcurrentHashMap<>();

  LraMode(
      LraCoordinator coordinator,
      TentativeOwner owner,
      RemoteCopy copy,
      CopyQuestions questions,
      ChangeRows rows,
      Executor calls,
      Audience audience,
      Duration timeLimit) {
    this.coordinator = coordinator;
    this.owner = owner;
    this.copy = copy;
    this.questions = questions;
    this.rows = rows;
    this.calls = calls;
    this.audience = audience;
    this.closable = timeLimit.dividedBy(2);
    this.forgottenAfter = timeLimit.multipliedBy(2);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome carryOut(CreditLimitChange change) {
    long closableUntil = System.nanoTime() + closable.toNanos();
    return coordinator
        .start(change.id())
        .map(action -> carryOut(change, action, closableUntil))
        .orElseGet(() -> refused(change.id(), Reason.PART_AWAY, "tx-coordinator does not answer."));
  }

  private Outcome carryOut(CreditLimitChange change, ActionId action, long closableUntil) {
    step(change.id(), Step.BEGUN, action.value());
    long version;
    try {
      version = owner.reserve(change, NAME, action);
    } catch (ChangeRefused refused) {
      abandon(action);
      return new Outcome.Refused(change.id(), refused.refusal());
    } catch (PessimisticLockingFailureException locked) {
      abandon(action);
      return refused(
          change.id(), Reason.CHANGE_IN_PROGRESS, "Another change of this limit is under way.");
    } catch (DuplicateKeyException spent) {
      abandon(action);
      return outcomeOf(change.id());
    } catch (RuntimeException ownDatabaseFailed) {
      abandon(action);
      throw ownDatabaseFailed;
    }
    step(change.id(), Step.PENDING, "version " + version);
    var objection = copy.place(action, VersionedLimit.of(change, version, NAME));
    if (objection.isPresent()) {
      return cancel(change.id(), action, version, objection.get());
    }
    return System.nanoTime() - closableUntil < 0
        ? close(change.id(), action, version)
        : cancel(change.id(), action, version, tooLate());
  }

  private static Refusal tooLate() {
    return new Refusal(Reason.ROLLED_BACK, "Half of its time limit was up before it was decided.");
  }

  /** Nothing was done in it. If the coordinator does not hear it, its time limit ends it. */
  private void abandon(ActionId action) {
    calls.execute(() -> coordinator.cancel(action));
  }

  private Outcome close(ChangeId change, ActionId action, long version) {
    return owner.decideToClose(change)
        ? end(new Pending(change, action, version, Decision.CLOSE))
        : overtaken(change, action);
  }

  private Outcome cancel(ChangeId change, ActionId action, long version, Refusal why) {
    return owner.decideToCancel(change, why)
        ? end(new Pending(change, action, version, Decision.CANCEL))
        : overtaken(change, action);
  }

  /**
   * Somebody took this process for dead and has decided; or the database died and has forgotten the
   * reservation, which nobody had forced. Of the latter nobody would tell the coordinator.
   */
  private Outcome overtaken(ChangeId change, ActionId action) {
    if (owner.pending(change).isEmpty()) {
      abandon(action);
    }
    return outcomeOf(change);
  }

  /** Brings a decided action to its end, as far as the coordinator will have it. */
  private Outcome end(Pending pending) {
    boolean close = pending.decision() == Decision.CLOSE;
    step(pending.change(), Step.DECIDED, String.valueOf(pending.decision()));
    var verdict =
        close ? coordinator.close(pending.action()) : coordinator.cancel(pending.action());
    if (verdict != Verdict.GONE && verdict != Verdict.FAILED) {
      denied.remove(pending.change());
    }
    return switch (verdict) {
      case CLOSED -> close ? complete(pending) : asTheCopySays(pending, verdict);
      case CANCELLED -> close ? asTheCopySays(pending, verdict) : compensate(pending);
      case GONE, FAILED -> asTheCopySays(pending, verdict);
      case UNDER_WAY -> new Outcome.UnderWay(pending.change());
    };
  }

  /**
   * The action is over, but not known to be over as it was decided. order-service has completed or
   * compensated by then, and its change row says which; this side follows.
   */
  private Outcome asTheCopySays(Pending pending, Verdict verdict) {
    var there = questions.about(pending.change()).knowledge();
    if (there == Knowledge.APPLIED || there == Knowledge.REFUSED || there == Knowledge.NOTHING) {
      denied.remove(pending.change());
    }
    return switch (there) {
      case APPLIED -> completeAfterAll(pending);
      case REFUSED -> compensateAfterAll(pending, verdict);
      case NOTHING -> compensateWhatWasLost(pending);
      case PENDING -> compensateForgotten(pending, verdict);
      case IN_DOUBT, NO_ANSWER -> new Outcome.UnderWay(pending.change());
    };
  }

  private Outcome completeAfterAll(Pending pending) {
    if (pending.decision() == Decision.CANCEL) {
      anomaly(pending, "was to be cancelled, but order-service has completed it");
    }
    return complete(pending);
  }

  private Outcome compensateAfterAll(Pending pending, Verdict verdict) {
    if (verdict == Verdict.FAILED && pending.decision() == Decision.CLOSE) {
      anomaly(pending, "was to be closed, but order-service had compensated it");
    }
    return compensate(pending);
  }

  /** Before it is decided to close, order-service has it on disk. */
  private Outcome compensateWhatWasLost(Pending pending) {
    if (pending.decision() == Decision.CLOSE) {
      anomaly(pending, "was to be closed, but order-service has lost it");
    }
    return compensate(pending);
  }

  private Outcome compensateForgotten(Pending pending, Verdict verdict) {
    long since = denied.computeIfAbsent(pending.change(), first -> System.nanoTime());
    boolean forgotten = System.nanoTime() - since > forgottenAfter.toNanos();
    if (!forgotten || !copy.compensate(pending.action())) {
      return new Outcome.UnderWay(pending.change());
    }
    anomaly(pending, "is " + verdict + " at tx-coordinator, and was still open at order-service");
    denied.remove(pending.change());
    return compensate(pending);
  }

  private Outcome complete(Pending pending) {
    if (!owner.complete(pending.change())) {
      return settled(pending.change());
    }
    step(pending.change(), Step.COMMITTED, "version " + pending.version());
    return new Outcome.Applied(pending.change(), pending.version(), true);
  }

  private Outcome compensate(Pending pending) {
    if (owner.compensate(pending.change())) {
      step(pending.change(), Step.COMPENSATED, pending.action().value());
    }
    var settled = settled(pending.change());
    return settled instanceof Outcome.Refused refused
        ? new Outcome.Refused(pending.change(), refused.refusal(), true)
        : settled;
  }

  @Override
  public Outcome outcomeOf(ChangeId change) {
    return owner.pending(change).map(this::resume).orElseGet(() -> ended(change));
  }

  private Outcome ended(ChangeId change) {
    denied.remove(change);
    return settled(change);
  }

  /** Whoever carried it out is gone, or was not answered. */
  private Outcome resume(Pending pending) {
    if (pending.decision() != null) {
      return end(pending);
    }
    return cancel(pending.change(), pending.action(), pending.version(), NOBODY_DECIDED);
  }

  /** This side has its end last, so it is the end on both. */
  private Outcome settled(ChangeId change) {
    return rows.settle(change, NOBODY_DECIDED);
  }

  private static Outcome refused(ChangeId change, Reason reason, String detail) {
    return new Outcome.Refused(change, new Refusal(reason, detail));
  }

  private void anomaly(Pending pending, String what) {
    step(pending.change(), Step.ANOMALY, "The action " + pending.action() + " " + what + ".");
  }

  private void step(ChangeId change, Step step, String detail) {
    audience.step(change, NAME, step, detail);
  }
}
