package dev.tandem.mode.event;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * The messages that could not be taken, in a queue of their own, until a human sends them back to
 * their lanes. They do not expire.
 */
final class DeadLetters {

  /** Why a message is here. */
  record Epitaph(String reason, int lane, int attempts) {}

  /**
   * A message that could not be taken.
   *
   * @param body its first {@value #SHOWN_CHARACTERS} characters
   * @param at when it came here
   */
  record DeadLetter(
      String id,
      @Nullable String reason,
      int attempts,
      @Nullable Integer lane,
      String body,
      Instant at) {}

  private static final String REASON = "tandem_reason";
  private static final String LANE = "tandem_lane";
  private static final String ATTEMPTS = "tandem_attempts";
  private static final List<String> OF_THE_EPITAPH = List.of(REASON, LANE, ATTEMPTS);

  private static final int LONGEST_REASON = 500;
  private static final int SHOWN_CHARACTERS = 2048;

  /** More than somebody reads. */
  private static final int SHOWN = 200;

  private static final Duration LATELY = Duration.ofSeconds(5);

  private final ActiveMQConnectionFactory broker;
  private final Lanes lanes;
  private double lastCount = Double.NaN;
  private long countedAt;

  DeadLetters(ActiveMQConnectionFactory broker, Lanes lanes) {
    this.broker = broker;
    this.lanes = lanes;
    this.countedAt = System.nanoTime() - LATELY.toNanos();
  }

  /** Moves the message here, in the session's transaction. */
  void bury(Message message, Session session, Epitaph epitaph) throws JMSException {
    var dead = copyOf(message, session);
    dead.setStringProperty(REASON, cut(epitaph.reason, LONGEST_REASON));
    dead.setIntProperty(LANE, epitaph.lane);
    dead.setIntProperty(ATTEMPTS, epitaph.attempts);
    try (var producer = session.createProducer(session.createQueue(Lanes.DEAD))) {
      producer.send(dead);
    }
  }

  /**
   * The oldest ones.
   *
   * @throws JMSRuntimeException if the broker is away
   */
  List<DeadLetter> oldest() {
    try (var context = broker.createContext();
        var browser = context.createBrowser(context.createQueue(Lanes.DEAD))) {
      var letters = new ArrayList<DeadLetter>();
      var found = browser.getEnumeration();
      while (found.hasMoreElements() && letters.size() < SHOWN) {
        letters.add(read((Message) found.nextElement()));
      }
      return letters;
    } catch (JMSException failed) {
      throw away(failed);
    }
  }

  /** How many there are, by the queue's own count; empty if the broker, or the queue, is away. */
  OptionalInt count() {
    try (var connection = broker.createConnection();
        var session = (ActiveMQSession) connection.createSession()) {
      var queue = session.getCoreSession().queueQuery(SimpleString.of(Lanes.DEAD));
      return queue.isExists()
          ? OptionalInt.of(Math.toIntExact(queue.getMessageCount()))
          : OptionalInt.empty();
    } catch (JMSException | ActiveMQException away) {
      return OptionalInt.empty();
    }
  }

  /** As counted within the last seconds, for those who ask all the time; NaN: broker away. */
  synchronized double countedLately() {
    if (System.nanoTime() - countedAt >= LATELY.toNanos()) {
      var now = count();
      lastCount = now.isPresent() ? now.getAsInt() : Double.NaN;
      countedAt = System.nanoTime();
    }
    return lastCount;
  }

  /**
   * Sends letters back to the lanes from which they came, all or none of them. Those that came from
   * no lane of ours stay.
   *
   * @param id of the only one to send; null for all that are here now
   * @return how many were sent
   * @throws JMSRuntimeException if the broker is away
   */
  int redrive(@Nullable String id) {
    int here = id == null ? count().orElseThrow(DeadLetters::away) : 1;
    var chosen = LANE + " >= 0 and " + LANE + " < " + lanes.count();
    if (id != null) {
      chosen += " and JMSMessageID = '" + id.replace("'", "''") + "'";
    }
    try (var context = broker.createContext(JMSContext.SESSION_TRANSACTED);
        var letters = context.createConsumer(context.createQueue(Lanes.DEAD), chosen)) {
      int sent = 0;
      for (Message letter; sent < here && (letter = letters.receiveNoWait()) != null; sent++) {
        sendBack(letter, context);
      }
      context.commit();
      return sent;
    } catch (JMSException failed) {
      throw away(failed);
    }
  }

  private void sendBack(Message letter, JMSContext context) throws JMSException {
    Queue lane = context.createQueue(lanes.destination(letter.getIntProperty(LANE)));
    context.createProducer().send(lane, copyOf(letter, context));
  }

  private static Message copyOf(Message message, Session session) throws JMSException {
    if (message instanceof TextMessage text) {
      return described(session.createTextMessage(text.getText()), message);
    }
    var bytes = session.createBytesMessage();
    bytes.writeBytes(bytesOf(message));
    return described(bytes, message);
  }

  private static Message copyOf(Message message, JMSContext context) throws JMSException {
    if (message instanceof TextMessage text) {
      return described(context.createTextMessage(text.getText()), message);
    }
    var bytes = context.createBytesMessage();
    bytes.writeBytes(bytesOf(message));
    return described(bytes, message);
  }

  /** Nobody here sends anything but texts: of what is neither text nor bytes, a note is kept. */
  private static byte[] bytesOf(Message message) throws JMSException {
    if (message instanceof BytesMessage bytes) {
      bytes.reset();
      var body = new byte[(int) bytes.getBodyLength()];
      bytes.readBytes(body);
      return body;
    }
    return message.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Message described(Message copy, Message original) throws JMSException {
    for (var name : Collections.list(original.getPropertyNames())) {
      var key = String.valueOf(name);
      if (key.startsWith("tandem_") && !OF_THE_EPITAPH.contains(key)) {
        copy.setObjectProperty(key, original.getObjectProperty(key));
      }
    }
    return copy;
  }

  private static DeadLetter read(Message message) throws JMSException {
    return new DeadLetter(
        message.getJMSMessageID(),
        message.getStringProperty(REASON),
        message.propertyExists(ATTEMPTS) ? message.getIntProperty(ATTEMPTS) : 0,
        message.propertyExists(LANE) ? message.getIntProperty(LANE) : null,
        cut(bodyOf(message), SHOWN_CHARACTERS),
        Instant.ofEpochMilli(message.getJMSTimestamp()));
  }

  private static String bodyOf(Message message) throws JMSException {
    return message instanceof TextMessage text
        ? String.valueOf(text.getText())
        : new String(bytesOf(message), StandardCharsets.UTF_8);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }

  private static JMSRuntimeException away(JMSException failed) {
    return new JMSRuntimeException(failed.getMessage(), failed.getErrorCode(), failed);
  }

  private static JMSRuntimeException away() {
    return new JMSRuntimeException("the broker is away");
  }
}
