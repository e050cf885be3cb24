package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.Participant.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One participant in one recovery scan: rolls back what can never commit, and shows Atomikos the
 * branches whose commit it has to replay.
 */
final class ParticipantScan extends XaVerbs {

  private static final Logger log = LoggerFactory.getLogger(ParticipantScan.class);

  /**
   * A list that is older is thrown away. Outcomes are kept far longer than this, so whoever is on a
   * list that is still good is still known if it has committed since.
   */
  private static final Duration LIST_IS_GOOD_FOR = Duration.ofSeconds(30);

  /**
   * What one participant may take of a scan, so that one that hangs on every call does not keep the
   * next scan of the others waiting. The rest comes with the next scan, in another order.
   */
  private static final Duration TIME_FOR_A_SCAN = Duration.ofSeconds(2);

  private final Participant participant;
  private final CoordinatorName name;
  private final Deliveries deliveries;
  private final Set<String> toDeliver;
  private final Map<Xid, BranchId> shown = new ConcurrentHashMap<>();
  private final long begunAt = System.nanoTime();
  private boolean reachedAll = true;

  /**
   * @param toDeliver the decisions that Atomikos is about to replay; a decision that came later has
   *     to wait for the next scan, or Atomikos would take its branches for undecided
   */
  ParticipantScan(
      Participant participant, CoordinatorName name, Deliveries deliveries, Set<String> toDeliver) {
    this.participant = participant;
    this.name = name;
    this.deliveries = deliveries;
    this.toDeliver = toDeliver;
  }

  /** Whether everything that this scan had to tell the participant has reached it. */
  boolean reachedAll() {
    return reachedAll;
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    if ((flags & XAResource.TMSTARTRSCAN) == 0) {
      return new Xid[0]; // the one call with this flag has told all
    }
    rollBackOrphans(listed());
    return decided();
  }

  /** Rolls back at once what is prepared here of one transaction, unless it is live or decided. */
  void abort(String transaction) throws XAException {
    rollBackOrphans(
        listed().stream().filter(branch -> branch.transaction().equals(transaction)).toList());
  }

  /** One that is away must not look like one that has nothing prepared (X6). */
  private List<BranchId> listed() throws XAException {
    try {
      return participant.prepared(name.text()).stream()
          .map(this::own)
          .flatMap(Optional::stream)
          .toList();
    } catch (Participant.Away away) {
      log.debug("{}", away.getMessage());
      throw failure(XAException.XAER_RMFAIL);
    }
  }

  /**
   * X2, in the order of X1: the list is here, and only now we look who is live. The other way round
   * a transaction that begins and prepares between the two would be on the list, not among the live
   * ones, and be rolled back while its commit is being decided.
   */
  private void rollBackOrphans(List<BranchId> listed) {
    var orphans =
        new ArrayList<>(
            listed.stream()
                .filter(branch -> deliveries.canNeverCommit(branch.transaction()))
                .toList());
    if (age().compareTo(LIST_IS_GOOD_FOR) > 0) {
      reachedAll = false; // we were frozen
      return;
    }
    Collections.shuffle(orphans);
    orphans.forEach(this::rollBack);
  }

  /** Several coordinators may share a database, and one's name may begin like another's. */
  private Optional<BranchId> own(String listed) {
    return BranchId.parse(listed).filter(branch -> name.made(branch.transaction()));
  }

  private void rollBack(BranchId orphan) {
    if (isTimeOver() || deliveries.rollBack(participant, orphan) == Answer.AWAY) {
      reachedAll = false;
    } else {
      log.info("{} rolled back by recovery at {}", orphan.transaction(), participant.name());
    }
  }

  /**
   * By the log, not by the list: a branch that is decided but not listed has committed, and was not
   * heard; or it is gone. Only the participant's change row can tell (X3), so it is asked too.
   */
  private Xid[] decided() {
    deliveries.handedToRecovery().stream()
        .filter(decision -> toDeliver.contains(decision.transaction()))
        .filter(decision -> !deliveries.isAnswered(decision.transaction(), participant.name()))
        .map(decision -> decision.branches().get(participant.name()))
        .flatMap(branch -> Optional.ofNullable(branch).flatMap(BranchId::parse).stream())
        .forEach(branch -> shown.put(branch.xid(), branch));
    var xids = new ArrayList<>(shown.keySet());
    Collections.shuffle(xids);
    return xids.toArray(Xid[]::new);
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    var branch = shown.get(xid);
    if (branch == null || isTimeOver()) {
      throw failure(XAException.XAER_RMFAIL);
    }
    switch (deliveries.commit(participant, branch)) {
      case DONE -> {}
      case CONTRARY -> throw failure(XAException.XA_HEURRB);
      case AWAY -> throw failure(XAException.XAER_RMFAIL);
    }
  }

  /** Presumed abort is ours alone: what Atomikos was shown is decided. */
  @Override
  public void rollback(Xid xid) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  private boolean isTimeOver() {
    return age().compareTo(TIME_FOR_A_SCAN) > 0;
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - begunAt);
  }
}
