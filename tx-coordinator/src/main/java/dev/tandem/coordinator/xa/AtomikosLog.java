package dev.tandem.coordinator.xa;

import com.atomikos.recovery.OltpLog;
import com.atomikos.recovery.PendingTransactionRecord;
import com.atomikos.recovery.RecoveryLog;
import com.atomikos.recovery.TxState;
import dev.tandem.coordinator.xa.log.Decision;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our decision log in the shape in which Atomikos writes to it and recovers from it. */
final class AtomikosLog implements OltpLog, RecoveryLog {

  private final Deliveries deliveries;
  private final CoordinatorName name;

  AtomikosLog(Deliveries deliveries, CoordinatorName name) {
    this.deliveries = deliveries;
    this.name = name;
  }

  /**
   * Atomikos writes two states of a root transaction: COMMITTING, which is the decision, and
   * TERMINATED, which we do not need: {@link Deliveries} ends a record by the branches' own
   * answers.
   */
  @Override
  public void write(PendingTransactionRecord record) {
    if (record.state == TxState.COMMITTING) {
      deliveries.decide(record.id);
    }
  }

  /**
   * The decisions that recovery has to deliver, whatever their age. Atomikos' own log waits until a
   * record's timeout is over, because it cannot tell a slow commit from a dead one; we can (X1).
   */
  @Override
  public Collection<PendingTransactionRecord> getExpiredPendingCommittingTransactionRecordsAt(
      long time) {
    return deliveries.handedToRecovery().stream().map(this::committing).toList();
  }

  private PendingTransactionRecord committing(Decision decision) {
    return new PendingTransactionRecord(decision.transaction(), TxState.COMMITTING, 0, name.text());
  }

  /** None: this coordinator is nobody's subordinate, so whatever is not decided is aborted. */
  @Override
  public Collection<PendingTransactionRecord> getIndoubtTransactionRecords() {
    return List.of();
  }

  /** After a scan in which all went well; {@link Deliveries} has ended the records by then. */
  @Override
  public void forgetTransactionRecords(Collection<PendingTransactionRecord> records) {}

  @Override
  public Collection<PendingTransactionRecord> getPendingTransactionRecords() {
    return deliveries.undelivered().stream().map(this::committing).toList();
  }

  @Override
  public @Nullable PendingTransactionRecord get(String id) {
    return getPendingTransactionRecords().stream()
        .filter(record -> record.id.equals(id))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void recordAsCommitting(String id) {
    throw new UnsupportedOperationException("only a subordinate coordinator needs it");
  }

  @Override
  public void forget(String id) {}

  @Override
  public boolean isActive() {
    return true;
  }

  @Override
  public void closing() {}

  @Override
  public void closed() {}

  /** Who opened the log closes it. */
  @Override
  public void close() {}
}
