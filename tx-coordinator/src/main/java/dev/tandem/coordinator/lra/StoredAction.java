package dev.tandem.coordinator.lra;

import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.exceptions.ObjectStoreException;
import com.arjuna.ats.arjuna.objectstore.StateStatus;
import io.narayana.lra.coordinator.domain.model.LongRunningAction;
import io.narayana.lra.coordinator.domain.service.LRAService;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.lra.annotation.LRAStatus;
import org.jspecify.annotations.Nullable;

/**
 * An action read from its record: either the live one of a process that takes over, or a copy with
 * which a decided end is delivered. A copy never does anything by itself: in Narayana every reading
 * of a record starts the time limit once more, and a limit that ends on a copy compensates an
 * action that may have been closed.
 */
final class StoredAction extends LongRunningAction {

  private final boolean live;

  private StoredAction(LRAService service, Uid uid, boolean live) {
    super(service, uid);
    this.live = live;
  }

  /** The action as callers of this process end it, with its time limit; null if it has ended. */
  static @Nullable StoredAction live(LRAService service, Uid uid) {
    return read(new StoredAction(service, uid, true));
  }

  /** What is durable of the action; null if it has ended. */
  static @Nullable StoredAction copy(LRAService service, Uid uid) {
    return read(new StoredAction(service, uid, false));
  }

  /**
   * @throws IllegalStateException if there is a record that cannot be read
   */
  private static @Nullable StoredAction read(StoredAction action) {
    if (!isStored(action.get_uid())) {
      return null;
    }
    if (!action.activate()) {
      throw new IllegalStateException(
          "the record of " + nameOf(action.get_uid()) + " is unreadable");
    }
    return action;
  }

  static boolean isStored(Uid uid) {
    try {
      return LraStore.STORE.currentState(uid, getType()) != StateStatus.OS_UNKNOWN;
    } catch (ObjectStoreException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static String nameOf(Uid uid) {
    return uid.fileStringForm();
  }

  /** A limit is for an action that nobody has decided yet: a closing one must not be cancelled. */
  @Override
  public int setTimeLimit(Long limit, boolean save) {
    return live && getLRAStatus() == LRAStatus.Active
        ? super.setTimeLimit(limit, save)
        : Response.Status.OK.getStatusCode();
  }

  /** Asked only when a time limit ends: null says that somebody else sees to it. */
  @Override
  protected @Nullable ReentrantLock tryLockTransaction() {
    return live ? super.tryLockTransaction() : null;
  }

  /**
   * Calls each participant that has not confirmed the end yet, and keeps what is left. The caller
   * holds the action's lock.
   */
  void deliver() {
    moveTo(heuristicList, preparedList, false);
    moveTo(pendingList, preparedList, false);
    checkParticipant(preparedList);
    phase2Commit(true);
    runPostLRAActions();
  }

  boolean isDelivered() {
    return heuristicList.size() == 0;
  }
}
