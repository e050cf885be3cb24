package dev.tandem.mode.event;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;

/**
 * The relay's session with the broker. What a call has sent is acknowledged when the call returns:
 * in the journal, changes also on disk; but for the lanes that it returns, which are full: to those
 * nothing was sent. After an exception nothing is known of it, and the session is of no use any
 * more.
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
   * Sends the changes through their lanes, each lane's in the order given. How a producer delivers
   * is said each time: Artemis keeps it once for all producers of a context, and the last word
   * counts.
   *
   * @return the lanes that had no room for theirs
   */
  Set<Integer> publish(Map<Integer, List<OutboxSession.Row>> rows) {
    changes.setDeliveryMode(DeliveryMode.PERSISTENT).setTimeToLive(FOR_EVER);
    return send(
        rows.keySet(),
        lane ->
            rows.getOrDefault(lane, List.of())
                .forEach(row -> changes.send(queues.get(lane), row.message().toJson())));
  }

  /**
   * Tells these lanes that what was published before is all there was at that time.
   *
   * @return the lanes that had no room for it
   */
  Set<Integer> beat(Set<Integer> to, Instant asOf) {
    heartbeats.setDeliveryMode(DeliveryMode.NON_PERSISTENT).setTimeToLive(HEARD_WITHIN.toMillis());
    return send(
        to,
        lane ->
            heartbeats.send(queues.get(lane), new Heartbeat(lane, lanes.count(), asOf).toJson()));
  }

  /**
   * All in one transaction; if a lane has no room, the broker takes none of it: each alone then.
   */
  private Set<Integer> send(Set<Integer> to, IntConsumer toLane) {
    try {
      to.forEach(toLane::accept);
      context.commit();
      return Set.of();
    } catch (JMSRuntimeException failed) {
      if (!isForWantOfRoom(failed)) {
        throw failed;
      }
      context.rollback();
    }
    return to.size() == 1
        ? to
        : to.stream()
            .flatMap(lane -> send(Set.of(lane), toLane).stream())
            .collect(Collectors.toSet());
  }

  private static boolean isForWantOfRoom(Throwable failed) {
    for (Throwable one = failed; one != null; one = one.getCause()) {
      if (one instanceof ActiveMQAddressFullException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    context.close();
  }
}
