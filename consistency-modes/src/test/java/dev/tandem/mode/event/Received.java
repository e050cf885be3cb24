package dev.tandem.mode.event;

import dev.tandem.mode.CustomerId;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Empties all lanes and remembers what came, in its order. */
final class Received implements AutoCloseable {

  /** What came through one lane at one time; one of both is null. */
  record Arrival(int lane, LimitMessage change, Heartbeat heartbeat, String text) {}

  private final ActiveMQConnectionFactory factory;
  private final Thread thread = new Thread(this::run, "received");
  private final Lanes lanes = new Lanes(8);
  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;

  Received(TestBroker broker) {
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
    var consumers =
        lanes
            .all()
            .mapToObj(lane -> context.createConsumer(context.createQueue(lanes.queueOf(lane))))
            .toList();
    while (running) {
      for (int lane = 0; lane < consumers.size(); lane++) {
        Message message;
        while ((message = consumers.get(lane).receiveNoWait()) != null) {
          arrivals.add(arrival(lane, message));
        }
      }
      var first = consumers.get(0).receive(5); // ms: rests here, not in a loop
      if (first != null) {
        arrivals.add(arrival(0, first));
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
