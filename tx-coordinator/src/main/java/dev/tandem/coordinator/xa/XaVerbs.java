package dev.tandem.coordinator.xa;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** An {@link XAResource} that refuses every verb; subclasses say what they can. */
abstract class XaVerbs implements XAResource {

  static XAException failure(int code) {
    return new XAException(code);
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    throw failure(XAException.XAER_PROTO);
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    return new Xid[0];
  }

  /** A heuristic outcome is kept as an anomaly in our log, not in the participant. */
  @Override
  public void forget(Xid xid) {}

  @Override
  public boolean isSameRM(XAResource other) {
    return this == other;
  }

  @Override
  public int getTransactionTimeout() {
    return 0;
  }

  /** The work call carries the remaining time. */
  @Override
  public boolean setTransactionTimeout(int seconds) {
    return false;
  }
}
