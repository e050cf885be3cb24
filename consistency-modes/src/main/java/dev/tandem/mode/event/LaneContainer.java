package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.time.Duration;
import org.springframework.jms.listener.DefaultMessageListenerContainer;

/**
 * Listens to one lane with a transacted session. A broker that is away, at the start or later, is
 * tried again for ever, at most a second later; neither the start nor the end of the service waits
 * for it.
 */
final class LaneContainer extends DefaultMessageListenerContainer {

  /** How long the end of the service waits for a consumer that has nothing to do. */
  private static final Duration LISTENS = Duration.ofMillis(300);

  private final int lane;
  private final Pauses pauses;
  private final Audience audience;
  private volatile boolean listening = true;

  LaneContainer(
      ConnectionFactory broker,
      String queue,
      LaneConsumer consumer,
      Pauses pauses,
      Audience audience) {
    this.lane = consumer.lane();
    this.pauses = pauses;
    this.audience = audience;
    setConnectionFactory(broker);
    setDestinationName(queue);
    setMessageListener(consumer);
    setSessionTransacted(true);
    setConcurrentConsumers(1); // order
    setCacheLevel(CACHE_CONSUMER);
    setRecoveryInterval(Pauses.FIRST.toMillis());
    setReceiveTimeout(LISTENS.toMillis());
    setBeanName("event-lane-" + lane);
    setErrorHandler(this::rolledBack);
  }

  /** Not here, in the thread that starts the service, but in the consumer's own. */
  @Override
  protected void establishSharedConnection() {}

  @Override
  protected void handleListenerSetupFailure(Throwable failure, boolean alreadyRecovered) {
    if (!(failure instanceof SharedConnectionNotInitializedException)) {
      turn(false, "does not listen: " + failure.getMessage());
    }
  }

  @Override
  protected void messageReceived(Object invoker, Session session) {
    super.messageReceived(invoker, session);
    turn(true, "listens again");
  }

  @Override
  protected void noMessageReceived(Object invoker, Session session) {
    super.noMessageReceived(invoker, session);
    turn(true, "listens again");
  }

  @Override
  protected void refreshConnectionUntilSuccessful() {
    var pause = Pauses.FIRST;
    while (isRunning()) {
      try {
        refreshSharedConnection();
        return;
      } catch (JMSException away) {
        turn(false, "does not reach the broker: " + away.getMessage());
      }
      if (pauses.ends(pause)) {
        return;
      }
      pause = Pauses.after(pause);
    }
  }

  private void turn(boolean now, String what) {
    if (listening != now) {
      listening = now;
      audience.turned(EventMode.NAME, "lane " + lane + " " + what);
    }
  }

  private void rolledBack(Throwable failure) {
    if (!(failure instanceof Pauses.Stopped)) {
      audience.turned(
          EventMode.NAME, "lane " + lane + " takes a message again: " + failure.getMessage());
    }
  }
}
