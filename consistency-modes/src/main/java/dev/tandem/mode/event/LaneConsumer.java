package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.listener.SessionAwareMessageListener;

/**
 * Takes one lane's messages, one after the other. Returning acknowledges the message; what it says
 * has been committed by then.
 *
 * <p>A message that cannot be taken for what it is gets {@value #ATTEMPTS} attempts, and goes to
 * the dead letters in the transaction that acknowledges it, noted for its customer before. One that
 * cannot be taken now is held and tried again, for as long as it takes, and with it all behind it
 * in this lane: nothing is spent by that, and nothing overtakes.
 */
final class LaneConsumer implements SessionAwareMessageListener<Message> {

  static final int ATTEMPTS = 5;

  private final int lane;
  private final Intake intake;
  private final DeadLetters deadLetters;
  private final Pauses pauses;
  private final Audience audience;
  private volatile @Nullable String held;

  LaneConsumer(int lane, Intake intake, DeadLetters deadLetters, Pauses pauses, Audience audience) {
    this.lane = lane;
    this.intake = intake;
    this.deadLetters = deadLetters;
    this.pauses = pauses;
    this.audience = audience;
  }

  int lane() {
    return lane;
  }

  /** Why the lane's message is held; null if none is. */
  @Nullable String held() {
    return held;
  }

  @Override
  public void onMessage(Message message, Session session) throws JMSException {
    try {
      takeOrBury(message, session);
    } finally {
      Traceparent.leave();
    }
  }

  private void takeOrBury(Message message, Session session) throws JMSException {
    var pause = Pauses.FIRST;
    int spent = 0;
    while (true) {
      try {
        take(message);
        mended();
        return;
      } catch (RuntimeException fault) {
        if (Intake.passes(fault)) {
          hold(fault);
        } else if (++spent == ATTEMPTS) {
          note(message);
          bury(message, session, fault);
          return;
        }
      }
      pauses.pause(pause);
      pause = Pauses.after(pause);
    }
  }

  private void take(Message message) throws JMSException {
    intake.take(typeOf(message), textOf(message), lane);
  }

  /** If that fails, the message comes again, and is tried anew. */
  private void note(Message message) throws JMSException {
    if (message instanceof TextMessage) {
      intake.miss(typeOf(message), textOf(message));
    }
  }

  private static String typeOf(Message message) throws JMSException {
    return Objects.requireNonNullElse(message.getStringProperty(MessageText.TYPE), "missing");
  }

  private static String textOf(Message message) throws JMSException {
    if (message instanceof TextMessage text && text.getText() != null) {
      return text.getText();
    }
    throw new UnreadableMessage(
        message instanceof BytesMessage ? "bytes, not a text" : "not a text");
  }

  private void bury(Message message, Session session, RuntimeException fault) throws JMSException {
    var reason = String.valueOf(fault.getMessage());
    deadLetters.bury(message, session, new DeadLetters.Epitaph(reason, lane, ATTEMPTS));
    held = null;
    audience.turned(EventMode.NAME, "lane " + lane + " has a dead letter: " + reason);
  }

  private void hold(RuntimeException fault) {
    if (held == null) {
      audience.turned(
          EventMode.NAME, "lane " + lane + " holds its messages: " + fault.getMessage());
    }
    held = String.valueOf(fault.getMessage());
  }

  private void mended() {
    if (held != null) {
      held = null;
      audience.turned(EventMode.NAME, "lane " + lane + " goes on");
    }
  }
}
