package dev.tandem.bench.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One of the queues through which the mode event sends its changes, seen by a consumer. */
final class Lane {
  /** The broker asks the consumer with the highest one first, when a lane is free. */
  private static final int BEFORE_ALL_OTHERS = 9;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ClientSession session;
  private final String queue;
  private final Disorder<ClientMessage> disorder;
  private @Nullable ClientConsumer consumer;
  private boolean taken;

  /**
   * @param session transacted; its owner commits
   */
  Lane(ClientSession session, int number, Disorder<ClientMessage> disorder) {
    this.session = session;
    this.queue = queue(number);
    this.disorder = disorder;
  }

  static String queue(int number) {
    return "tandem.credit-limits.lane-" + number;
  }

  Disorder<ClientMessage> disorder() {
    return disorder;
  }

  /** Whether anything ever came, be it a heartbeat. */
  boolean wasTaken() {
    return taken;
  }

  /** The next one to be served, when whoever is served now goes away. */
  void lineUp() throws ActiveMQException {
    consumer =
        session.createConsumer(
            SimpleString.of(queue),
            null,
            BEFORE_ALL_OTHERS,
            ActiveMQClient.DEFAULT_CONSUMER_WINDOW_SIZE,
            ActiveMQClient.DEFAULT_CONSUMER_MAX_RATE,
            false);
  }

  /** All that has come, in its order. The lane is free for others then. */
  List<ClientMessage> take() throws ActiveMQException {
    var all = new ArrayList<ClientMessage>();
    var mine = consumer;
    if (mine != null) {
      for (var next = mine.receiveImmediate(); next != null; next = mine.receiveImmediate()) {
        next.acknowledge();
        all.add(next);
      }
      mine.close();
    }
    taken |= !all.isEmpty();
    return all;
  }

  /** The changes in disorder, and all else behind them as it was. */
  void sendBack(List<ClientMessage> messages) throws ActiveMQException {
    var changes = new ArrayList<Disorder.Held<ClientMessage>>();
    var others = new ArrayList<ClientMessage>();
    for (var message : messages) {
      change(message).ifPresentOrElse(changes::add, () -> others.add(message));
    }
    try (var producer = session.createProducer(queue)) {
      for (var change : disorder.of(changes)) {
        producer.send(copyOf(change.message()));
      }
      for (var other : others) {
        producer.send(copyOf(other));
      }
    }
  }

  /** Body, properties, durability and time to live; it has no id by which a broker knows it. */
  private static ICoreMessage copyOf(ClientMessage message) {
    return message.copy();
  }

  /** docs/event-message.schema.json; empty for a heartbeat. */
  private static Optional<Disorder.Held<ClientMessage>> change(ClientMessage message) {
    if (!"limit".equals(message.getStringProperty("tandem_type"))) {
      return Optional.empty();
    }
    var text = TextMessageUtil.readBodyText(message.getReadOnlyBodyBuffer());
    var members = JSON.readTree(String.valueOf(text));
    return Optional.of(
        new Disorder.Held<>(
            members.path("customerId").asString(), members.path("version").asLong(), message));
  }
}
