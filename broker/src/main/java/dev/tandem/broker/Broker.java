package dev.tandem.broker;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A broker that runs. What it has acknowledged, a durable message or the commit of a session, is on
 * disk: a kill -9, or the machine's end, does not lose it. Not promised: that it notices by itself
 * when somebody has damaged its folder.
 */
final class Broker implements AutoCloseable {
  private static final String ACCEPTOR = "clients";
  private static final String HOST = "127.0.0.1";
  private static final long ACTIVATION_LIMIT_SECONDS = 60;
  private static final int NANOS_TO_WAIT_FOR_OTHERS = 500_000;
  private static final int JOURNAL_FILE_BYTES = 4 * 1024 * 1024;
  private static final long LEAVE_FREE_ON_DISK_BYTES = 128L * 1024 * 1024;

  private final ActiveMQServer server;
  private final FileChannel lock;

  private Broker(ActiveMQServer server, FileChannel lock) {
    this.server = server;
    this.lock = lock;
  }

  /**
   * Returns when it takes connections.
   *
   * @param broken hears, once, that the disk has failed it later on; it stops itself then
   * @throws BrokerException if it cannot work
   */
  static Broker start(BrokerSettings settings, Consumer<String> broken) {
    var lock = lock(settings.folder());
    var server =
        new ActiveMQServerImpl(
            configuration(settings), new OneUser(settings.user(), settings.password()));
    server.registerIOCriticalErrorListener(
        (cause, message, file) -> broken.accept(message + " (" + file + "): " + cause));
    var broker = new Broker(server, lock);
    try {
      broker.activate(settings);
      return broker;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  String url() {
    return "tcp://" + HOST + ":" + actualPort();
  }

  boolean isActive() {
    return server.isActive() && actualPort() > 0;
  }

  /** How many messages wait in each queue, by its name: lanes of an earlier setting, too. */
  Map<String, Long> depths() {
    var depths = new TreeMap<String, Long>();
    queues().forEach(queue -> depths.put(queue.getName().toString(), queue.getMessageCount()));
    return depths;
  }

  /** Stops it in good order. May be repeated. */
  @Override
  public void close() {
    try {
      server.stop();
      lock.close();
    } catch (Exception e) {
      throw new BrokerException("The broker did not stop in good order: " + e.getMessage(), e);
    }
  }

  private Stream<Queue> queues() {
    return server
        .getPostOffice()
        .getAllBindings()
        .filter(binding -> binding.getBindable() instanceof Queue)
        .map(binding -> (Queue) binding.getBindable());
  }

  /** Artemis' start returns as if all were well when it is not. */
  private void activate(BrokerSettings settings) {
    var failure = new AtomicReference<@Nullable Exception>();
    server.registerActivationFailureListener(failure::set);
    try {
      server.start();
      if (failure.get() == null
          && !server.waitForActivation(ACTIVATION_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        failure.set(new TimeoutException("not within " + ACTIVATION_LIMIT_SECONDS + " s"));
      }
    } catch (Exception e) {
      failure.compareAndSet(null, e);
    }
    var reason = failure.get();
    if (reason != null || !isActive()) {
      throw new BrokerException(why(reason, settings), reason);
    }
  }

  private int actualPort() {
    var acceptor = server.getRemotingService().getAcceptor(ACCEPTOR);
    return acceptor == null ? 0 : acceptor.getActualPort();
  }

  private static String why(@Nullable Exception reason, BrokerSettings settings) {
    for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return "Port %d is taken by another program: end that, or give the broker another --port."
            .formatted(settings.port());
      }
    }
    return "The broker did not become active on %s: %s".formatted(settings.folder(), reason);
  }

  /** Ours, not Artemis' own: that one is waited for, without a word. */
  private static FileChannel lock(Path folder) {
    try {
      Files.createDirectories(folder);
      var file =
          FileChannel.open(
              folder.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (file.tryLock() == null) {
        file.close();
        throw inUse(folder);
      }
      return file;
    } catch (OverlappingFileLockException e) {
      throw inUse(folder);
    } catch (IOException e) {
      throw new BrokerException(
          "Cannot write to the folder %s: %s. Make it writable, or give the broker another --folder."
              .formatted(folder, e),
          e);
    }
  }

  private static BrokerException inUse(Path folder) {
    return new BrokerException(
        "Another broker works in %s: end that first, or give this one another --folder."
            .formatted(folder));
  }

  private static Configuration configuration(BrokerSettings settings) {
    var configuration = new ConfigurationImpl();
    configuration.setName("tandem");
    configuration.addAcceptorConfiguration(acceptor(settings.port()));
    storeIn(settings.folder(), configuration);
    secure(configuration);
    configuration.setJMXManagementEnabled(false);
    // A journal that hangs: the process ends, what is on disk is good, and everybody sees it.
    configuration.setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.HALT);
    Queues.addTo(configuration, settings);
    return configuration;
  }

  private static TransportConfiguration acceptor(int port) {
    return new TransportConfiguration(
        NettyAcceptorFactory.class.getName(),
        Map.of(
            TransportConstants.HOST_PROP_NAME,
            HOST,
            TransportConstants.PORT_PROP_NAME,
            port,
            TransportConstants.PROTOCOLS_PROP_NAME,
            "CORE",
            // On the loopback address the native transport gains nothing.
            TransportConstants.USE_EPOLL_PROP_NAME,
            false),
        ACCEPTOR);
  }

  private static void storeIn(Path folder, Configuration configuration) {
    configuration.setPersistenceEnabled(true);
    configuration.setJournalDirectory(folder.resolve("journal").toString());
    configuration.setBindingsDirectory(folder.resolve("bindings").toString());
    configuration.setPagingDirectory(folder.resolve("paging").toString());
    configuration.setLargeMessagesDirectory(folder.resolve("large-messages").toString());
    // Works on every file system; Linux' asynchronous one wants a native library and O_DIRECT.
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalSyncTransactional(true);
    configuration.setJournalSyncNonTransactional(true);
    configuration.setLargeMessageSync(true);
    configuration.setJournalDatasync(true);
    configuration.setJournalFileSize(JOURNAL_FILE_BYTES);
    // Of the time that a write waits for others to share the disk's flush with; 3.3 ms by itself.
    configuration.setJournalBufferTimeout_NIO(NANOS_TO_WAIT_FOR_OTHERS);
    // By itself it refuses to work on a disk that is filled to 90 %, however large that is.
    configuration.setMaxDiskUsage(-1);
    configuration.setMinDiskFree(LEAVE_FREE_ON_DISK_BYTES);
  }

  private static void secure(Configuration configuration) {
    configuration.setSecurityEnabled(true);
    // Artemis has a second user, for clusters, whose password is in its manual.
    configuration.setClusterUser(UUID.randomUUID().toString());
    configuration.setClusterPassword(UUID.randomUUID().toString());
  }
}
