package dev.tandem.order;

import dev.tandem.mode.VersionedLimit;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.util.FileSystemUtils;

/** A real broker with the queues of the mode event, and what a relay says through it. */
final class Messages implements AutoCloseable {

  static final String DEAD = "tandem.credit-limits.dead";

  private static final int LANES = 8;

  private final int port = freePort();
  private final Path folder;
  private ActiveMQServer server;

  Messages() {
    try {
      folder = Files.createTempDirectory("broker");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    comeBack();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String[] settings() {
    return new String[] {
      "--tandem.consistency.enabled=xa,lra,event", "--tandem.event.broker.url=" + url()
    };
  }

  private String url() {
    return "tcp://127.0.0.1:" + port;
  }

  void comeBack() {
    var configuration = new ConfigurationImpl();
    configuration.setSecurityEnabled(false);
    configuration.setJMXManagementEnabled(false);
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalDirectory(folder.resolve("journal").toString());
    configuration.setBindingsDirectory(folder.resolve("bindings").toString());
    configuration.setPagingDirectory(folder.resolve("paging").toString());
    configuration.setLargeMessagesDirectory(folder.resolve("large").toString());
    configuration.setJournalFileSize(1024 * 1024);
    configuration.setMaxDiskUsage(-1);
    configuration.addAddressSetting(
        "#",
        new AddressSettings()
            .setMaxDeliveryAttempts(-1)
            .setAutoCreateQueues(false)
            .setAutoCreateAddresses(false));
    Stream.concat(IntStream.range(0, LANES).mapToObj(Messages::queueOf), Stream.of(DEAD))
        .forEach(queue -> add(configuration, queue));
    try {
      configuration.addAcceptorConfiguration("clients", url() + "?protocols=CORE");
      server = new ActiveMQServerImpl(configuration);
      server.start();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void add(ConfigurationImpl configuration, String queue) {
    configuration.addAddressConfiguration(
        new CoreAddressConfiguration()
            .setName(queue)
            .addRoutingType(RoutingType.ANYCAST)
            .addQueueConfiguration(
                QueueConfiguration.of(queue)
                    .setRoutingType(RoutingType.ANYCAST)
                    .setExclusive(!queue.equals(DEAD))));
  }

  void goAway() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  static int laneOf(UUID customer) {
    return Math.floorMod(
        Long.hashCode(customer.getMostSignificantBits() ^ customer.getLeastSignificantBits()),
        LANES);
  }

  private static String queueOf(int lane) {
    return "tandem.credit-limits.lane-" + lane;
  }

  static String textOf(VersionedLimit limit) {
    return """
        {"schema":1,"changeId":"%s","customerId":"%s","kind":"%s","creditLimit":"%s","version":%d,
         "requestedAt":"%s","committedAt":"%s","somethingNew":true}"""
        .formatted(
            limit.changeId(),
            limit.customerId(),
            limit.version() == 1 ? "create" : "change",
            limit.limit().amount(),
            limit.version(),
            limit.requestedAt(),
            Instant.now());
  }

  void send(VersionedLimit limit) {
    sendText(laneOf(limit.customerId().value()), "limit", textOf(limit));
  }

  void send(VersionedLimit limit, String traceparent) {
    sendText(
        laneOf(limit.customerId().value()),
        "limit",
        textOf(limit).replace("\"somethingNew\":true", "\"traceparent\":\"" + traceparent + "\""));
  }

  void beat(int lane, Instant asOf) {
    sendText(lane, "heartbeat", "{\"schema\":1,\"lane\":%d,\"asOf\":\"%s\"}".formatted(lane, asOf));
  }

  /** From a customer-service that counts so many lanes. */
  void beat(int lane, int lanes, Instant asOf) {
    sendText(
        lane,
        "heartbeat",
        "{\"schema\":1,\"lane\":%d,\"lanes\":%d,\"asOf\":\"%s\"}".formatted(lane, lanes, asOf));
  }

  void beatAll(Instant asOf) {
    IntStream.range(0, LANES).forEach(lane -> beat(lane, asOf));
  }

  void sendText(int lane, String type, String text) {
    try (var context = context(JMSContext.AUTO_ACKNOWLEDGE)) {
      context
          .createProducer()
          .setProperty("tandem_type", type)
          .send(context.createQueue(queueOf(lane)), text);
    }
  }

  void sendBytes(int lane, byte[] bytes) {
    try (var context = context(JMSContext.AUTO_ACKNOWLEDGE)) {
      context.createProducer().send(context.createQueue(queueOf(lane)), bytes);
    }
  }

  /** How many messages wait in a lane, those in a consumer's hands too. */
  int waitingIn(int lane) {
    return sizeOf(queueOf(lane));
  }

  int dead() {
    return sizeOf(DEAD);
  }

  private int sizeOf(String queue) {
    return (int)
        server.locateQueue(queue).getMessageCount(); // in delivery and not acknowledged, too
  }

  void drainDead() {
    try (var context = context(JMSContext.AUTO_ACKNOWLEDGE);
        var letters = context.createConsumer(context.createQueue(DEAD))) {
      while (letters.receiveNoWait() != null) {
        // for good
      }
    }
  }

  /** Breaks every connection, as a network does. */
  void breakConnections() {
    server
        .getRemotingService()
        .getConnections()
        .forEach(one -> one.getTransportConnection().forceClose());
  }

  private JMSContext context(int mode) {
    var factory = new ActiveMQConnectionFactory(url());
    return factory.createContext(mode);
  }

  @Override
  public void close() {
    goAway();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
