package dev.tandem.mode.besteffort;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import java.util.Objects;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits at the owner, then asks the copy to commit too. When the second half fails, the first one
 * stays: that is what the other modes exist for.
 */
final class BestEffortMode implements ConsistencyMode {

  static final String NAME = "besteffort";

  private final LimitOwner owner;
  private final RemoteCopy copy;
  private final TransactionTemplate transactions;
  private final ChangeRows rows;

  BestEffortMode(
      LimitOwner owner, RemoteCopy copy, TransactionTemplate transactions, ChangeRows rows) {
    this.owner = owner;
    this.copy = copy;
    this.transactions = transactions;
    this.rows = rows;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome carryOut(CreditLimitChange change) {
    try {
      long version =
          Objects.requireNonNull(transactions.execute(status -> owner.apply(change, NAME)));
      return copy.take(VersionedLimit.of(change, version, NAME))
          .<Outcome>map(refusal -> new Outcome.Refused(change.id(), refusal))
          .orElseGet(() -> new Outcome.Applied(change.id(), version, true));
    } catch (ChangeRefused refused) {
      return new Outcome.Refused(change.id(), refused.refusal());
    } catch (PessimisticLockingFailureException locked) {
      return new Outcome.Refused(
          change.id(),
          new Refusal(Reason.CHANGE_IN_PROGRESS, "Another change of this limit is under way."));
    }
  }

  @Override
  public Outcome outcomeOf(ChangeId change) {
    return rows.settle(change, new Refusal(Reason.ROLLED_BACK, "It was never committed."));
  }
}
