package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.Participant.Answer;
import java.util.Objects;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** One participant's part of one live transaction: forwards Atomikos' verbs to the participant. */
final class RemoteBranch extends XaVerbs {

  private final Participant participant;
  private final String reference;
  private final Deliveries deliveries;

  private volatile @Nullable BranchId id;
  private volatile @Nullable GlobalTransaction transaction;
  private volatile @Nullable Vote vote;
  private volatile boolean untouched;
  private volatile boolean toldToRollBack;

  RemoteBranch(Participant participant, String reference, Deliveries deliveries) {
    this.participant = participant;
    this.reference = reference;
    this.deliveries = deliveries;
  }

  String participant() {
    return participant.name();
  }

  BranchId id() {
    return Objects.requireNonNull(id, "not enlisted yet");
  }

  @Nullable Vote vote() {
    return vote;
  }

  boolean wasToldToRollBack() {
    return toldToRollBack;
  }

  void joins(GlobalTransaction whole) {
    this.transaction = whole;
  }

  /** The vote that the participant gave together with its work. */
  void votes(Vote given) {
    this.vote = given;
  }

  /**
   * Whoever ends the transaction knows that nothing of it is left here, and nothing will come: a
   * call would only leave a tombstone that nobody needs.
   */
  void isUntouched() {
    this.untouched = true;
  }

  @Override
  public void start(Xid xid, int flags) {
    this.id = BranchId.of(xid, reference);
  }

  @Override
  public void end(Xid xid, int flags) {}

  @Override
  public int prepare(Xid xid) throws XAException {
    var given = vote;
    var counted = given == null ? participant.prepare(id().toString()) : given;
    this.vote = counted;
    if (counted != Vote.PREPARED) {
      throw failure(XAException.XA_RBROLLBACK);
    }
    return XAResource.XA_OK;
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    var answer =
        whole().inParallel(this, branch -> deliveries.commit(branch.participant, branch.id()));
    switch (answer) {
      case DONE -> {}
      case CONTRARY -> throw failure(XAException.XA_HEURRB);
      case AWAY -> throw failure(XAException.XAER_RMFAIL);
    }
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    if (transaction == null) {
      return; // begin did not come to its end: nobody has ever heard of this branch
    }
    if (whole().inParallel(this, RemoteBranch::rollBack) == Answer.CONTRARY) {
      throw failure(XAException.XA_HEURCOM);
    }
    // AWAY is no error here. What is not live and not decided is rolled back by the first scan that
    // sees it (X2), so nothing is gained by keeping the caller and the table entry waiting.
  }

  /** Tells the participant, if it has anything to roll back, whatever Atomikos thinks of it. */
  Answer rollBack() {
    toldToRollBack = true;
    return untouched ? Answer.DONE : deliveries.rollBack(participant, id());
  }

  private GlobalTransaction whole() {
    return Objects.requireNonNull(transaction, "not in the live table");
  }

  @Override
  public String toString() {
    return String.valueOf(id);
  }
}
