package dev.tandem.mode.event;

import dev.tandem.mode.CustomerId;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Empties all lanes, or all but some, and remembers what came, in its order. */
final class Received implements AutoCloseable {

  /** What came through one lane at one time; one of both is null. */
  record Arrival(int lane, LimitMessage change, Heartbeat heartbeat, String text) {}

  private final ActiveMQConnectionFactory factory;
  private final Thread thread = new Thread(this::run, "received");
  private final Lanes lanes = new Lanes(8);
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Set<Integer> butFor;
  private volatile boolean running = true;

  Received(TestBroker broker) {
    this(broker, Set.of());
  }

  Received(TestBroker broker, Set<Integer> butFor) {
    this.butFor = butFor;
    factory = new ActiveMQConnectionFactory(broker.url());
    factory.setReconnectAttempts(0);
    thread.start();
  }

  List<Arrival> all() {
    return List.copyOf(arrivals);
  }

  List<LimitMessage> changesOf(CustomerId customer) {
    return arrivals.stream()
        .filter(arrival -> arrival.change() != null)
        .map(Arrival::change)
        .filter(change -> change.limit().customerId().equals(customer))
        .toList();
  }

  List<Long> versionsOf(CustomerId customer) {
    return changesOf(customer).stream().map(change -> change.limit().version()).toList();
  }

  List<Instant> stamps() {
    return arrivals.stream()
        .filter(arrival -> arrival.heartbeat() != null)
        .map(arrival -> arrival.heartbeat().asOf())
        .toList();
  }

  /** The times that the lane's heartbeats have said, in the order in which they came. */
  List<Instant> stampsOf(int lane) {
    return arrivals.stream()
        .filter(arrival -> arrival.heartbeat() != null && arrival.lane() == lane)
        .map(arrival -> arrival.heartbeat().asOf())
        .toList();
  }

  /** The latest of them. */
  Instant stampOf(int lane) {
    return stampsOf(lane).stream().max(Instant::compareTo).orElse(Instant.MIN);
  }

  /** Changes that came after a heartbeat which said that they had come. */
  List<LimitMessage> liedAbout() {
    var lies = new CopyOnWriteArrayList<LimitMessage>();
    for (int lane = 0; lane < lanes.count(); lane++) {
      var asOf = Instant.MIN;
      var seen = new HashSet<Object>();
      for (var arrival : arrivals) {
        if (arrival.lane() != lane) {
          continue;
        }
        if (arrival.heartbeat() != null) {
          asOf = asOf.isAfter(arrival.heartbeat().asOf()) ? asOf : arrival.heartbeat().asOf();
        } else if (seen.add(arrival.change().limit().changeId())
            && !arrival.change().committedAt().isAfter(asOf)) {
          lies.add(arrival.change());
        }
      }
    }
    return lies;
  }

  private void run() {
    while (running) {
      try (var context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
        empty(context);
      } catch (RuntimeException | JMSException away) {
        Thread.onSpinWait(); // the broker is away: that is what some tests are about
      }
    }
  }

  private void empty(JMSContext context) throws JMSException {
    var consumers = new TreeMap<Integer, JMSConsumer>();
    for (int lane = 0; lane < lanes.count(); lane++) {
      if (!butFor.contains(lane)) {
        consumers.put(lane, context.createConsumer(context.createQueue(lanes.queueOf(lane))));
      }
    }
    while (running) {
      for (var one : consumers.entrySet()) {
        Message message;
        while ((message = one.getValue().receiveNoWait()) != null) {
          arrivals.add(arrival(one.getKey(), message));
        }
      }
      var first = consumers.firstEntry();
      var message = first.getValue().receive(5); // ms: rests here, not in a loop
      if (message != null) {
        arrivals.add(arrival(first.getKey(), message));
      }
    }
  }

  private static Arrival arrival(int lane, Message message) throws JMSException {
    var text = message.getBody(String.class);
    return message.getStringProperty(MessageText.TYPE).equals(LimitMessage.TYPE)
        ? new Arrival(lane, LimitMessage.read(text), null, text)
        : new Arrival(lane, null, Heartbeat.read(text), text);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join(5_000);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
