package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.CopyLanes;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.VersionedLimit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes what a message says into the copy. When it returns, that is on disk. */
final class Intake {

  private final LimitCopy copy;
  private final ChangeRows rows;
  private final CopyLanes lanes;
  private final int count;
  private final TransactionTemplate transactions;
  private final CopyMeters meters;
  private final Audience audience;
  private final AtomicBoolean told = new AtomicBoolean();

  Intake(
      LimitCopy copy,
      ChangeRows rows,
      CopyLanes lanes,
      int count,
      TransactionTemplate transactions,
      CopyMeters meters,
      Audience audience) {
    this.copy = copy;
    this.rows = rows;
    this.lanes = lanes;
    this.count = count;
    this.transactions = transactions;
    this.meters = meters;
    this.audience = audience;
  }

  /**
   * Takes one message. A change that was taken before is none, and a version that is not newer
   * leaves the limit as it is: so messages may come again, and in any order. What this thread logs
   * belongs to the change's trace from then on, until the caller calls {@link Traceparent#leave}.
   *
   * @param type value of {@link MessageText#TYPE}
   * @param lane through which the message came
   * @throws RuntimeException if it cannot be taken; nothing is done then. {@link #passes} tells
   *     whether it may be taken later
   */
  void take(String type, String text, int lane) {
    switch (type) {
      case LimitMessage.TYPE -> take(LimitMessage.read(text));
      case Heartbeat.TYPE -> hear(Heartbeat.read(text), lane);
      default -> throw new UnreadableMessage(MessageText.TYPE + " is not known here: " + type);
    }
  }

  /**
   * Notes for its customer that a message could not be taken; one that cannot be read is nobody's.
   *
   * @throws RuntimeException if that cannot be written down now
   */
  void miss(String type, String text) {
    if (type.equals(LimitMessage.TYPE)) {
      try {
        var limit = LimitMessage.read(text).limit();
        lanes.missed(limit.customerId(), limit.version());
      } catch (UnreadableMessage nobodys) {
        // its lane and its text are in the dead letters
      }
    }
  }

  /**
   * Whether a fault lies in the state of this service and not in the message: the database is away,
   * something is locked, all connections are taken, a table or a right is missing. Such a fault
   * ends without the message being touched. What remains is what the message itself breaks.
   */
  static boolean passes(RuntimeException fault) {
    return fault instanceof TransactionException
        || fault instanceof DataAccessException
            && !(fault instanceof DataIntegrityViolationException);
  }

  private void take(LimitMessage message) {
    Traceparent.follow(message.traceparent());
    var limit = message.limit();
    try {
      transactions.executeWithoutResult(status -> copy.take(limit, false));
    } catch (DuplicateKeyException known) {
      requireApplied(limit, known);
      audience.step(limit.changeId(), EventMode.NAME, Step.REPEATED, "version " + limit.version());
      return;
    }
    meters.taken(message.committedAt());
    audience.step(limit.changeId(), EventMode.NAME, Step.FOLLOWED, "version " + limit.version());
  }

  private void requireApplied(VersionedLimit limit, DuplicateKeyException known) {
    var row = rows.find(limit.changeId()).orElseThrow(() -> known);
    if (!(row instanceof ChangeRows.Row.Applied)) {
      throw new CannotBeTaken("change " + limit.changeId() + " is not applied here, but " + row);
    }
  }

  /**
   * All messages before this one are taken: the lane's consumer takes one after the other. Where
   * both sides do not count the same lanes, that says nothing: a customer's changes may come
   * through a lane that nobody listens to.
   */
  private void hear(Heartbeat heartbeat, int lane) {
    if (heartbeat.lane() != lane) {
      throw new UnreadableMessage("a heartbeat of lane " + heartbeat.lane() + " in lane " + lane);
    }
    var theirs = heartbeat.lanes();
    if (theirs == null || theirs == count) {
      lanes.heard(lane, heartbeat.asOf());
    } else if (told.compareAndSet(false, true)) {
      audience.turned(
          EventMode.NAME,
          "customer-service counts %d lanes, and this service %d: nobody knows how old the copy is. Set"
                  .formatted(theirs, count)
              + " tandem.event.lanes to the same number in both");
    }
  }
}
