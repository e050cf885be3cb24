package dev.tandem.mode.event;

import dev.tandem.mode.TestApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.springframework.util.FileSystemUtils;

/** A real broker, set up as Tandem's own is, that can go away and come back with its journal. */
final class TestBroker implements AutoCloseable {

  private static final int LANES = 8;

  private final int port = TestApp.freePort();
  private final long laneBytes;
  private final Path folder;
  private ActiveMQServer server;

  TestBroker() {
    this(10_000_000);
  }

  /** With lanes that refuse what goes beyond that. */
  TestBroker(long laneBytes) {
    this.laneBytes = laneBytes;
    try {
      folder = Files.createTempDirectory("broker");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    comeBack();
  }

  String url() {
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
            .setAutoCreateQueues(false)
            .setAutoCreateAddresses(false)
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL)
            .setMaxSizeBytes(laneBytes));
    new Lanes(LANES).all().forEach(lane -> add(configuration, new Lanes(LANES).queueOf(lane)));
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
                    .setExclusive(true)));
  }

  void goAway() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    goAway();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The settings of a service that uses this broker, in the mode event. */
  Map<String, Object> settings() {
    return Map.of(
        "tandem.consistency.enabled", "event",
        "tandem.consistency.mode", "event",
        "tandem.services.order-service.url", "http://127.0.0.1:1",
        "tandem.event.broker.url", url(),
        "tandem.event.heartbeat", "20ms");
  }
}
