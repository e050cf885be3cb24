package dev.tandem.coordinator.lra;

import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.exceptions.ObjectStoreException;
import com.arjuna.ats.arjuna.state.InputObjectState;
import com.arjuna.ats.internal.arjuna.common.UidHelper;
import io.narayana.lra.LRAConstants;
import io.narayana.lra.coordinator.domain.model.LongRunningAction;
import io.narayana.lra.coordinator.internal.LRARecoveryModule;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.lra.annotation.LRAStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Ends what callers leave unended. The first pass takes over the actions of the process before this
 * one; each later pass delivers decided ends, cancels actions whose time limit has passed, and
 * drops entries of actions that have ended.
 *
 * <p>It differs from Narayana's own in three points, each of which was seen to break the promise
 * that all participants end the same:
 *
 * <ul>
 *   <li>It reads a record only under the action's lock, and acts on what it has read. Narayana's
 *       reads first: the action may have ended by the time it acts.
 *   <li>It never makes a second object of an action that is live. Narayana's does so at each pass,
 *       and the second one's time limit compensates an action that was closed.
 *   <li>It calls the participants that a process had prepared to call when it was killed.
 *       Narayana's does not look at them: such an action stays {@code Closing} for ever.
 * </ul>
 *
 * <p>Public, with a public constructor, because Arjuna makes it by its name.
 */
public final class LraRecovery extends LRARecoveryModule {

  private static final Logger log = LoggerFactory.getLogger(LraRecovery.class);

  /** A participant that hangs costs 2 s a call: the other actions must not wait for it. */
  private static final int AT_ONCE = 8;

  private final ExecutorService threads = threads();
  private final Set<Uid> inherited = ConcurrentHashMap.newKeySet();
  private volatile boolean started;
  private volatile boolean stopping;

  private static ExecutorService threads() {
    var factory = new CustomizableThreadFactory("lra-delivery-");
    factory.setDaemon(true);
    var pool =
        new ThreadPoolExecutor(
            AT_ONCE, AT_ONCE, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The store is another one: what it holds has been begun by another process. */
  void startAfresh() {
    inherited.clear();
    started = false;
    stopping = false;
  }

  /**
   * Begins with no further action; the pass that runs ends when those under way have been tried.
   */
  void stop() {
    stopping = true;
  }

  @Override
  public void periodicWorkSecondPass() {
    if (started) {
      pass();
    } else {
      inherited.addAll(stored());
      inherited.forEach(uid -> safely(uid, () -> takeOver(uid)));
      started = true;
    }
  }

  private void pass() {
    var uids = new LinkedHashSet<>(stored());
    getService().getAll().forEach(action -> uids.add(uidOf(action.getLraId())));
    try {
      threads.invokeAll(uids.stream().map(this::visiting).toList());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Callable<Void> visiting(Uid uid) {
    return () -> {
      if (!stopping) {
        safely(uid, () -> visit(uid));
      }
      return null;
    };
  }

  /** One action that cannot be ended must not keep the others from it. */
  private static void safely(Uid uid, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      log.error("{} cannot be recovered, the next pass tries again", nameOf(uid), failure);
    }
  }

  private void visit(Uid uid) {
    var live = getService().lookupTransaction(LraServlet.idOf(nameOf(uid)));
    if (live != null) {
      visit(live);
    } else if (inherited.contains(uid)) {
      takeOver(uid); // an earlier pass could not
    } else {
      putAwayIfFailed(uid); // else it is being begun at this moment, or has just ended
    }
  }

  /** Whoever has listed it may find it gone: it has ended meanwhile. */
  void takeOver(Uid uid) {
    var action = StoredAction.live(getService(), uid);
    if (action == null) {
      inherited.remove(uid);
    } else if (action.isFailed()) {
      putAway(action);
    } else {
      getService().addTransaction(action);
    }
  }

  /** Narayana writes a failed action's record once more after it has put it away. */
  private void putAwayIfFailed(Uid uid) {
    var copy = StoredAction.copy(getService(), uid);
    if (copy != null && copy.isFailed()) {
      putAway(copy);
    }
  }

  private void visit(LongRunningAction live) {
    if (live.getLRAStatus() == LRAStatus.Active && !isLate(live)) {
      return; // its lock is left alone, too: Narayana does nothing for a caller who does not get it
    }
    var lock = getService().tryLockTransaction(live.getId());
    if (lock == null) {
      return; // somebody is ending it
    }
    try {
      end(live);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isLate(LongRunningAction action) {
    long limit = action.getLRAData().getFinishTime();
    return limit > 0 && System.currentTimeMillis() >= limit;
  }

  private void end(LongRunningAction live) {
    if (live.getLRAStatus() == LRAStatus.Active) {
      // the limit's own timer gives up when somebody else holds the lock at that moment
      getService().endLRA(live.getId(), true, false);
      return;
    }
    var copy = StoredAction.copy(getService(), live.get_uid());
    if (copy == null) {
      getService().remove(live.getId()); // ended; a late caller has left the entry behind
    } else if (copy.isFailed()) {
      putAway(copy);
    } else if (copy.getLRAStatus() != LRAStatus.Active) {
      deliver(copy);
    }
  }

  private void deliver(StoredAction copy) {
    copy.deliver();
    if (copy.isFailed()) {
      copy.deactivate(); // with the state that it has now
      putAway(copy);
    } else if (copy.isDelivered()) {
      removeCommitted(copy.get_uid());
      getService().remove(copy.getId());
      log.info("{} {} by recovery", nameOf(copy.get_uid()), wordFor(copy));
    }
  }

  private void putAway(StoredAction failed) {
    moveEntryToFailedLRAPath(failed.get_uid());
    getService().remove(failed.getId());
    log.error(
        "{} {}: a participant says that it cannot. See /internal/lra/actions",
        nameOf(failed.get_uid()),
        wordFor(failed));
  }

  private static String wordFor(LongRunningAction action) {
    return OpenActions.wordFor(action.getLRAStatus());
  }

  private static Set<Uid> stored() {
    var found = new InputObjectState();
    var uids = new LinkedHashSet<Uid>();
    try {
      if (LraStore.STORE.allObjUids(LongRunningAction.getType(), found)) {
        for (var uid = UidHelper.unpackFrom(found);
            !uid.equals(Uid.nullUid());
            uid = UidHelper.unpackFrom(found)) {
          uids.add(uid);
        }
      }
    } catch (ObjectStoreException | IOException failure) {
      throw new IllegalStateException("the open actions cannot be listed", failure);
    }
    return uids;
  }

  private static Uid uidOf(URI action) {
    return new Uid(LRAConstants.getLRAUid(action));
  }

  private static String nameOf(Uid uid) {
    return StoredAction.nameOf(uid);
  }
}
