package dev.tandem.mode.event;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The relay's session with the broker. What a call has sent is acknowledged when the call returns:
 * in the journal, changes also on disk. After an exception nothing is known of it, and the session
 * is of no use any more.
 */
final class BrokerSession implements AutoCloseable {

  /**
   * A heartbeat that nobody has heard for so long says nothing: while the consumers are away, they
   * must not pile up.
   */
  private static final Duration HEARD_WITHIN = Duration.ofMinutes(1);

  private static final long FOR_EVER = 0;

  private final JMSContext context;
  private final Lanes lanes;
  private final List<Queue> queues;
  private final JMSProducer changes;
  private final JMSProducer heartbeats;

  private volatile boolean broken;

  private BrokerSession(JMSContext context, Lanes lanes) {
    this.context = context;
    this.lanes = lanes;
    this.queues =
        lanes.all().mapToObj(lane -> context.createQueue(lanes.destination(lane))).toList();
    this.changes = context.createProducer().setProperty(MessageText.TYPE, LimitMessage.TYPE);
    this.heartbeats = context.createProducer().setProperty(MessageText.TYPE, Heartbeat.TYPE);
    context.setExceptionListener(failure -> broken = true);
  }

  /**
   * @throws jakarta.jms.JMSRuntimeException if the broker is away or does not let us in
   */
  static BrokerSession open(ConnectionFactory broker, Lanes lanes) {
    var context = broker.createContext(JMSContext.SESSION_TRANSACTED);
    try {
      return new BrokerSession(context, lanes);
    } catch (RuntimeException failed) {
      context.close();
      throw failed;
    }
  }

  /** Whether the connection was lost since; one that hangs is only noticed by its use. */
  boolean isBroken() {
    return broken;
  }

  /**
   * Sends the changes, each through its lane, in the order given. How a producer delivers is said
   * each time: Artemis keeps it once for all producers of a context, and the last word counts.
   */
  void publish(List<OutboxSession.Row> rows) {
    changes.setDeliveryMode(DeliveryMode.PERSISTENT).setTimeToLive(FOR_EVER);
    for (var row : rows) {
      var message = row.message();
      changes.send(queues.get(lanes.of(message.limit().customerId())), message.toJson());
    }
    context.commit();
  }

  /** Tells every lane that what was published before is all there was at that time. */
  void beat(Instant asOf) {
    heartbeats.setDeliveryMode(DeliveryMode.NON_PERSISTENT).setTimeToLive(HEARD_WITHIN.toMillis());
    lanes
        .all()
        .forEach(
            lane ->
                heartbeats.send(
                    queues.get(lane), new Heartbeat(lane, lanes.count(), asOf).toJson()));
    context.commit();
  }

  @Override
  public void close() {
    context.close();
  }
}
