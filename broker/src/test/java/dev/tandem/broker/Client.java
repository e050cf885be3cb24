package dev.tandem.broker;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A client as the two services are: JMS, a transacted session, durable messages. */
final class Client implements AutoCloseable {
  static final String USER = "tandem";
  static final String PASSWORD = "a-password-for-tests";

  private static final long LIMIT_MILLIS = 10_000;
  private static final long NOTHING_MILLIS = 200;

  private final ActiveMQConnectionFactory factory;
  private final Connection connection;
  final Session session;

  private Client(ActiveMQConnectionFactory factory) throws JMSException {
    this.factory = factory;
    this.connection = factory.createConnection();
    this.session = connection.createSession(Session.SESSION_TRANSACTED);
    connection.start();
  }

  static Client at(String url) throws JMSException {
    return at(url, USER, PASSWORD);
  }

  static Client at(String url, String user, String password) throws JMSException {
    var factory = new ActiveMQConnectionFactory(url, user, password);
    factory.setCallTimeout(3_000); // a client whose broker was killed waits for its answers
    try {
      return new Client(factory);
    } catch (JMSException e) {
      factory.close();
      throw e;
    }
  }

  void send(String queue, String... texts) throws JMSException {
    try (var producer = session.createProducer(session.createQueue(queue))) {
      for (var text : texts) {
        producer.send(session.createTextMessage(text));
      }
    }
    session.commit();
  }

  /** With a time to live, which is over before anybody consumes it. */
  void sendForAMoment(String queue, String text, String type) throws JMSException {
    try (var producer = session.createProducer(session.createQueue(queue))) {
      producer.setTimeToLive(1);
      var message = session.createTextMessage(text);
      message.setStringProperty("tandem_type", type);
      producer.send(message);
    }
    session.commit();
  }

  MessageConsumer consumer(String queue) throws JMSException {
    return session.createConsumer(session.createQueue(queue));
  }

  List<String> receive(String queue, int count) throws JMSException {
    var texts = new ArrayList<String>();
    try (var consumer = consumer(queue)) {
      while (texts.size() < count) {
        texts.add(text(consumer.receive(LIMIT_MILLIS)));
      }
    }
    session.commit();
    return texts;
  }

  boolean isEmpty(String queue) throws JMSException {
    try (var consumer = consumer(queue)) {
      return consumer.receive(NOTHING_MILLIS) == null;
    }
  }

  static String text(Message message) throws JMSException {
    return message == null ? "nothing came" : ((TextMessage) message).getText();
  }

  @Override
  public void close() throws JMSException {
    connection.close();
    factory.close();
  }
}
