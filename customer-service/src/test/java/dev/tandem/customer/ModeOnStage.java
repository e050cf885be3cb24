package dev.tandem.customer;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A mode without a second side, to test this service's own part: it commits at the owner, unless a
 * test tells it how the other side behaves.
 */
final class ModeOnStage implements ConsistencyMode {

  /** How one change goes. */
  interface Behaviour {
    Outcome carryOut(CreditLimitChange change);
  }

  static final String NAME = "stage";

  /** Another one, for tests that change the mode. */
  static final String UNDERSTUDY = "understudy";

  /** For tests in which two operators want different ones. */
  static final String EXTRA = "extra";

  private final String name;
  private final LimitOwner owner;
  private final ChangeRows rows;
  private final TransactionTemplate transactions;

  final List<ChangeId> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger carried = new AtomicInteger();
  volatile Behaviour behaviour;
  volatile boolean copyConfirms;
  volatile boolean reachable;

  ModeOnStage(
      String name, LimitOwner owner, ChangeRows rows, PlatformTransactionManager transactions) {
    this.name = name;
    this.owner = owner;
    this.rows = rows;
    this.transactions = new TransactionTemplate(transactions);
    reset();
  }

  void reset() {
    behaviour = this::commits;
    copyConfirms = true;
    reachable = true;
    carried.set(0);
    asked.clear();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Outcome carryOut(CreditLimitChange change) {
    carried.incrementAndGet();
    return behaviour.carryOut(change);
  }

  Outcome commits(CreditLimitChange change) {
    try {
      long version = transactions.execute(status -> owner.apply(change, name));
      return new Outcome.Applied(change.id(), version, copyConfirms);
    } catch (ChangeRefused refused) {
      return new Outcome.Refused(change.id(), refused.refusal());
    } catch (PessimisticLockingFailureException locked) {
      return new Outcome.Refused(
          change.id(), new Refusal(Reason.CHANGE_IN_PROGRESS, "Its row is locked."));
    }
  }

  /** Commits a while after the work: {@code meanwhile} happens in its transaction. */
  Behaviour commitsAfter(Runnable meanwhile) {
    return change -> {
      long version =
          transactions.execute(
              status -> {
                long reserved = owner.apply(change, name);
                meanwhile.run();
                return reserved;
              });
      return new Outcome.Applied(change.id(), version, copyConfirms);
    };
  }

  static Behaviour refuses(Reason reason) {
    return change -> new Outcome.Refused(change.id(), new Refusal(reason, "So says the stage."));
  }

  static Behaviour leavesItOpen() {
    return change -> new Outcome.UnderWay(change.id());
  }

  static Behaviour losesSight() {
    return change -> new Outcome.Unknown(change.id(), "Nobody answers.");
  }

  /** Commits only when the latch opens. */
  Behaviour waitsFor(CountDownLatch latch) {
    return change -> {
      try {
        latch.await();
      } catch (InterruptedException stop) {
        throw new IllegalStateException(stop);
      }
      return commits(change);
    };
  }

  @Override
  public Outcome outcomeOf(ChangeId change) {
    asked.add(change);
    if (!reachable) {
      return new Outcome.Unknown(change, "Nobody answers.");
    }
    var nobody = new Refusal(Reason.ROLLED_BACK, "It was never committed.");
    var here = rows.settle(change, nobody);
    return here instanceof Outcome.Applied applied
        ? new Outcome.Applied(change, applied.version(), copyConfirms)
        : here;
  }
}
