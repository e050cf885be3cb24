package dev.tandem.mode.xa;

import static java.util.Objects.requireNonNull;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.mode.xa.Coordinator.Begun;
import dev.tandem.rest.Turnstile;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Carries a change in one global transaction over both databases.
 *
 * <p>Up to the commit call a change may be given up at any moment: only that call carries both
 * votes, so without it nobody can decide. After it the outcome is the coordinator's, and where it
 * does not answer, the change row's.
 */
final class XaMode implements ConsistencyMode {

  static final String NAME = "xa";

  /** The owner's transaction ends by itself if this process sleeps between its work and prepare. */
  private static final Duration OWN_WORK = Duration.ofSeconds(2);

  /** A part of the server's 200 threads; the other changes are turned away at once. */
  private static final int WAITING = 100;

  /**
   * A change is inside for some milliseconds: a full queue that moves at its usual pace is through
   * by then. Where it moves more slowly, its end is turned away.
   */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Coordinator coordinator;
  private final LimitOwner owner;
  private final RemoteCopy copy;
  private final CopyQuestions questions;
  private final BranchWork work;
  private final Branches branches;
  private final ChangeRows rows;
  private final Executor calls;
  private final Audience audience;
  private final Turnstile<String> working;

  /** Reported ones: they are asked about every second, and for ever. Rare, so they stay here. */
  private final Set<ChangeId> anomalies = ConcurrentHashMap.newKeySet();

  XaMode(
      Coordinator coordinator,
      LimitOwner owner,
      RemoteCopy copy,
      CopyQuestions questions,
      BranchWork work,
      Branches branches,
      ChangeRows rows,
      Executor calls,
      Audience audience,
      int changesAtOnce) {
    this.coordinator = coordinator;
    this.owner = owner;
    this.copy = copy;
    this.questions = questions;
    this.work = work;
    this.branches = branches;
    this.rows = rows;
    this.calls = calls;
    this.audience = audience;
    this.working = new Turnstile<>(changesAtOnce, WAITING, PATIENCE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome carryOut(CreditLimitChange change) {
    return working
        .enter(NAME)
        .map(pass -> new Attempt(change, pass).carryOut())
        .orElseGet(() -> tooMany(change.id()));
  }

  /** Nothing has been begun or done for it. */
  private static Outcome tooMany(ChangeId change) {
    return new Outcome.Refused(
        change,
        new Refusal(
            Reason.PART_AWAY,
            "Too many changes are waiting for tx-coordinator or for the database of"
                + " customer-service."));
  }

  /** One change on its way: remembers how far it has come, so that it can be given up cleanly. */
  private final class Attempt {

    private final CreditLimitChange change;
    private final Turnstile.Pass pass;
    private final CompletableFuture<Begun> beginning;
    private @Nullable CompletableFuture<Optional<Refusal>> copysObjection;
    private long version;

    Attempt(CreditLimitChange change, Turnstile.Pass pass) {
      this.change = change;
      this.pass = pass;
      // the owner's row is locked and changed meanwhile: neither needs the other
      try {
        this.beginning = CompletableFuture.supplyAsync(() -> coordinator.begin(change.id()), calls);
      } catch (RuntimeException | Error noThread) {
        pass.close();
        throw noThread;
      }
    }

    Outcome carryOut() {
      try {
        try (pass) { // until the own connection is free again
          work.within(OWN_WORK, this::workInBothBranches);
        }
        var objection = requireNonNull(copysObjection).join();
        if (objection.isPresent()) {
          return giveUp(objection.get());
        }
      } catch (ChangeRefused refused) {
        return giveUp(refused.refusal());
      } catch (CoordinatorAway away) {
        return giveUp(new Refusal(Reason.PART_AWAY, away.sentence()));
      } catch (PessimisticLockingFailureException locked) {
        return giveUp(
            new Refusal(
                Reason.CHANGE_IN_PROGRESS,
                "Another change of this customer's limit is under way or in doubt."));
      } catch (DuplicateKeyException spent) {
        abandon();
        return outcomeOf(change.id());
      } catch (RuntimeException ownDatabaseFailed) {
        giveUp(new Refusal(Reason.PART_AWAY, "The database of customer-service failed."));
        throw ownDatabaseFailed;
      }
      return commit();
    }

    private Begun workInBothBranches() {
      version = owner.apply(change, NAME); // the owner's row before the copy's: decision 0003
      step(Step.APPLIED_BY_OWNER, "version " + version);
      var begun = begun();
      var limit = VersionedLimit.of(change, version, NAME);
      copysObjection =
          CompletableFuture.supplyAsync(
              () -> copy.take(begun.copy(), limit, begun.remaining()), calls);
      work.prepare(begun.own());
      step(Step.PREPARED, begun.transaction());
      return begun;
    }

    private Outcome commit() {
      var begun = begun();
      return switch (coordinator.commit(begun)) {
        case COMMITTED -> new Outcome.Applied(change.id(), version, true);
        case DECIDED -> new Outcome.Applied(change.id(), version, false);
        case ROLLED_BACK -> giveUp(Branches.NOBODY_DECIDED);
        case UNDER_WAY -> new Outcome.UnderWay(change.id());
        case MIXED -> mixed(begun);
        case NOT_ASKED -> giveUp(new Refusal(Reason.PART_AWAY, "tx-coordinator is away."));
        case NO_ANSWER -> outcomeWithoutCoordinator();
      };
    }

    private Outcome mixed(Begun begun) {
      return anomaly(
          change.id(),
          begun.transaction() + " was decided, but a participant had lost its branch.");
    }

    private Outcome outcomeWithoutCoordinator() {
      try {
        return outcomeOf(change.id());
      } catch (DataAccessException away) {
        return new Outcome.Unknown(
            change.id(), "tx-coordinator did not answer, and customer-service's database is away.");
      }
    }

    /**
     * Ends a change that can never commit: its commit was not asked for, or was and is refused. The
     * own branch is rolled back here and now; for the rest nobody needs to wait, because nothing
     * can be decided any more.
     */
    private Outcome giveUp(Refusal why) {
      if (copysObjection == null) {
        abandon();
      } else {
        var begun = begun();
        var own = branches.rollback(begun.own(), change, why);
        calls.execute(() -> endElsewhere(begun, own == Branches.End.ROLLED_BACK));
        if (own == Branches.End.COMMITTED) {
          return anomaly(
              change.id(), begun.transaction() + " was given up, but is committed here.");
        }
      }
      step(Step.ROLLED_BACK, why.detail());
      return new Outcome.Refused(change.id(), why);
    }

    /** Ends a transaction in which nothing has been done, if it is begun at all. */
    private void abandon() {
      beginning.thenAcceptAsync(coordinator::rollbackOfNothing, calls);
    }

    private void endElsewhere(Begun begun, boolean ownIsRolledBack) {
      if (!coordinator.rollback(begun, ownIsRolledBack)) {
        copy.rollback(begun.copy());
      }
    }

    private Begun begun() {
      try {
        return beginning.join();
      } catch (CompletionException failed) {
        throw new CoordinatorAway(failed);
      }
    }

    private void step(Step step, String detail) {
      audience.step(change.id(), NAME, step, detail);
    }
  }

  @Override
  public Outcome outcomeOf(ChangeId change) {
    if (branches.isPrepared(change)) {
      return new Outcome.UnderWay(change); // a tombstone would only wait for the branch's lock
    }
    var here = rows.settle(change, Branches.NOBODY_DECIDED);
    if (here instanceof Outcome.Applied applied) {
      return appliedHere(change, applied);
    }
    return here instanceof Outcome.Refused refused ? refusedHere(change, refused) : here;
  }

  private Outcome appliedHere(ChangeId change, Outcome.Applied applied) {
    return switch (questions.about(change).knowledge()) {
      case APPLIED -> applied;
      case REFUSED ->
          anomaly(
              change, "It is applied at customer-service, but order-service had lost its branch.");
      case PENDING, IN_DOUBT, NOTHING, NO_ANSWER ->
          new Outcome.Applied(change, applied.version(), false);
    };
  }

  /**
   * A tombstone that says no more than "rolled back" may stand for a branch that was lost after the
   * decision: only the copy can tell. Any other reason was written by the one who gave the change
   * up before its commit was asked for.
   */
  private Outcome refusedHere(ChangeId change, Outcome.Refused refused) {
    if (refused.refusal().reason() != Reason.ROLLED_BACK) {
      return refused;
    }
    return switch (questions.about(change).knowledge()) {
      case APPLIED ->
          anomaly(
              change, "It is applied at order-service, but customer-service had lost its branch.");
      case PENDING, IN_DOUBT, NO_ANSWER -> new Outcome.UnderWay(change);
      case REFUSED, NOTHING -> refused;
    };
  }

  private Outcome anomaly(ChangeId change, String what) {
    if (anomalies.add(change)) {
      audience.step(change, NAME, Step.ANOMALY, what);
    }
    return new Outcome.Unknown(change, what);
  }

  private static final class CoordinatorAway extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CoordinatorAway(CompletionException failed) {
      super(failed.getCause());
    }

    String sentence() {
      return "tx-coordinator is away or did not answer in time.";
    }
  }
}
