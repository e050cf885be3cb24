package dev.tandem.coordinator.xa;

import com.atomikos.datasource.xa.XATransactionalResource;
import com.atomikos.recovery.PendingTransactionRecord;
import com.atomikos.recovery.xa.XARecoveryManager;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * X6: all participants as the one resource that Atomikos recovers. Atomikos stops at the first
 * resource that fails, so with one resource each, a participant that is away would keep the others
 * from being recovered.
 */
final class RemoteParticipants extends XATransactionalResource {

  private static final Logger log = LoggerFactory.getLogger(RemoteParticipants.class);

  private final Collection<Participant> participants;
  private final CoordinatorName name;
  private final Deliveries deliveries;
  private final LiveTable live;
  private final Executor executor;

  RemoteParticipants(
      Collection<Participant> participants,
      CoordinatorName name,
      Deliveries deliveries,
      LiveTable live,
      Executor executor) {
    super("participants");
    this.participants = List.copyOf(participants);
    this.name = name;
    this.deliveries = deliveries;
    this.live = live;
    this.executor = executor;
  }

  /** Whatever a live transaction enlists is ours; there is no other resource. */
  @Override
  public boolean usesXAResource(XAResource resource) {
    return resource instanceof RemoteBranch;
  }

  /**
   * Asks every participant, at the same time, and answers whether all went well: one that hangs or
   * is away neither stops nor hides the others.
   */
  @Override
  public boolean recover(
      long startOfScan,
      Collection<PendingTransactionRecord> expiredCommitting,
      Collection<PendingTransactionRecord> foreignToKeep) {
    var manager = XARecoveryManager.getInstance();
    if (manager == null) {
      return false; // Atomikos is still starting, or stops
    }
    var toDeliver = expiredCommitting.stream().map(r -> r.id).collect(Collectors.toSet());
    // makes the manager's unsynchronized entry for each participant before threads share it
    participants.forEach(participant -> manager.hasPendingXids(participant.name()));
    var scans =
        participants.stream()
            .map(
                participant ->
                    CompletableFuture.supplyAsync(
                        () ->
                            recover(
                                manager, participant, startOfScan, expiredCommitting, toDeliver),
                        executor))
            .toList();
    return scans.stream().map(CompletableFuture::join).reduce(true, Boolean::logicalAnd);
  }

  private boolean recover(
      XARecoveryManager manager,
      Participant participant,
      long startOfScan,
      Collection<PendingTransactionRecord> expiredCommitting,
      Set<String> toDeliver) {
    var scan = new ParticipantScan(participant, name, deliveries, toDeliver);
    try {
      return manager.recover(scan, startOfScan, expiredCommitting, List.of(), participant.name())
          && scan.reachedAll();
    } catch (XAException away) {
      return false;
    } catch (Exception failure) {
      log.error("the scan of {} failed", participant.name(), failure);
      return false;
    }
  }

  /** X2: rolls back at once whatever is prepared anywhere of a transaction that cannot commit. */
  void abort(String transaction) {
    participants.forEach(participant -> executor.execute(() -> abort(participant, transaction)));
  }

  private void abort(Participant participant, String transaction) {
    try {
      new ParticipantScan(participant, name, deliveries, Set.of()).abort(transaction);
    } catch (XAException away) {
      log.debug("{} is left to the next scan of {}", transaction, participant.name());
    }
  }

  /**
   * After a failed commit Atomikos drops the branch that it has and asks for a fresh connection.
   */
  @Override
  protected XAResource refreshXAConnection() {
    return new LiveBranches();
  }

  /**
   * Finds the branch that Atomikos means, if it is still live. If not, its decision has been handed
   * to recovery, and Atomikos is told that all is well, so that it forgets the transaction: its own
   * repeats would keep a thread for each, and what it concludes ends no record ({@link
   * Deliveries}).
   */
  private final class LiveBranches extends XaVerbs {

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
      var branch = find(xid);
      if (branch.isPresent()) {
        branch.get().commit(xid, onePhase);
      }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
      var branch = find(xid);
      if (branch.isPresent()) {
        branch.get().rollback(xid);
      }
    }

    private Optional<RemoteBranch> find(Xid xid) {
      var transaction = live.find(BranchId.transactionOf(xid));
      return transaction == null
          ? Optional.empty()
          : transaction.branches().values().stream()
              .filter(branch -> branch.id().is(xid))
              .findFirst();
    }
  }
}
