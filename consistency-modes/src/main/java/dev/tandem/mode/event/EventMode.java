package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.CopyQuestions.Knowledge;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import java.util.Objects;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits a change at its owner together with its outbox row, and calls nobody.
 *
 * <p>Promised: what was answered as applied is never lost and reaches the copy, once both databases
 * and the broker are up for long enough. Not promised: when; and order-service cannot veto.
 */
final class EventMode implements ConsistencyMode {

  static final String NAME = "event";

  private static final Refusal NEVER_COMMITTED =
      new Refusal(Reason.ROLLED_BACK, "It was never committed.");

  private final LimitOwner owner;
  private final Outbox outbox;
  private final Relay relay;
  private final CopyQuestions copy;
  private final TransactionTemplate transactions;
  private final ChangeRows rows;
  private final Audience audience;

  EventMode(
      LimitOwner owner,
      Outbox outbox,
      Relay relay,
      CopyQuestions copy,
      TransactionTemplate transactions,
      ChangeRows rows,
      Audience audience) {
    this.owner = owner;
    this.outbox = outbox;
    this.relay = relay;
    this.copy = copy;
    this.transactions = transactions;
    this.rows = rows;
    this.audience = audience;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean followsByItself() {
    return true;
  }

  @Override
  public Outcome carryOut(CreditLimitChange change) {
    var traceparent = Traceparent.ofTheRequest();
    long version;
    try {
      version = Objects.requireNonNull(transactions.execute(status -> write(change, traceparent)));
    } catch (ChangeRefused refused) {
      return new Outcome.Refused(change.id(), refused.refusal());
    } catch (PessimisticLockingFailureException locked) {
      return new Outcome.Refused(
          change.id(),
          new Refusal(Reason.CHANGE_IN_PROGRESS, "Another change of this limit is under way."));
    } catch (DuplicateKeyException spent) {
      return outcomeOf(change.id());
    }
    relay.wake();
    audience.step(change.id(), NAME, Step.APPLIED_BY_OWNER, "version " + version);
    return new Outcome.Applied(change.id(), version, false);
  }

  /** The customer's row lock is held from the first call on: the rows get its versions' order. */
  private long write(CreditLimitChange change, String traceparent) {
    long version = owner.apply(change, NAME);
    outbox.post(VersionedLimit.of(change, version, NAME), traceparent);
    return version;
  }

  @Override
  public Outcome outcomeOf(ChangeId change) {
    var here = rows.settle(change, NEVER_COMMITTED);
    return here instanceof Outcome.Applied applied
        ? new Outcome.Applied(change, applied.version(), isThere(change, applied.version()))
        : here;
  }

  private boolean isThere(ChangeId change, long version) {
    return rows.customerOf(change)
        .map(customer -> copy.about(change, customer, version).knowledge() == Knowledge.APPLIED)
        .orElse(false);
  }
}
