package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.log.DecisionLog;
import dev.tandem.coordinator.xa.log.Halt;
import dev.tandem.coordinator.xa.log.LogSettings;
import dev.tandem.rest.internal.InternalClients;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Puts the room together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(XaSettings.class)
class XaConfiguration {

  /** How long a participant may take for a verb before it counts as away. */
  private static final Duration VERB = Duration.ofSeconds(2);

  @Bean
  CoordinatorName coordinatorName(XaSettings settings) {
    return settings.coordinatorName();
  }

  @Bean
  Participants participants(XaSettings settings, InternalClients clients, MeterRegistry meters) {
    return new Participants(
        settings.participants().stream()
            .<Participant>map(
                name -> new HttpParticipant(name, clients.forService(name, VERB), meters))
            .toList());
  }

  @Bean
  Halt halt() {
    return Halt.process();
  }

  @Bean
  DecisionLog decisionLog(XaSettings settings, Halt halt) {
    return DecisionLog.open(settings.logFolder(), LogSettings.defaults(), Clock.systemUTC(), halt);
  }

  @Bean
  LiveTable liveTable() {
    return new LiveTable();
  }

  @Bean
  EndedTransactions endedTransactions() {
    return new EndedTransactions();
  }

  @Bean
  Deliveries deliveries(DecisionLog log, LiveTable live, EndedTransactions ended) {
    return new Deliveries(log, live, ended, Clock.systemUTC());
  }

  /** Unbounded, because commit waits for its own branches on it: a full pool would stand still. */
  @Bean(destroyMethod = "shutdown")
  ExecutorService xaExecutor() {
    return Executors.newCachedThreadPool(threads("xa-"));
  }

  private static CustomizableThreadFactory threads(String prefix) {
    var threads = new CustomizableThreadFactory(prefix);
    threads.setDaemon(true);
    return threads;
  }

  @Bean
  RemoteParticipants remoteParticipants(
      Participants participants,
      CoordinatorName name,
      Deliveries deliveries,
      LiveTable live,
      ExecutorService xaExecutor) {
    return new RemoteParticipants(participants.all(), name, deliveries, live, xaExecutor);
  }

  @Bean(destroyMethod = "stop")
  AtomikosEngine atomikosEngine(
      XaSettings settings,
      RemoteParticipants participants,
      Deliveries deliveries,
      CoordinatorName name) {
    return new AtomikosEngine(settings, participants, new AtomikosLog(deliveries, name));
  }

  @Bean(destroyMethod = "")
  XaCoordinator xaCoordinator(
      XaSettings settings,
      AtomikosEngine engine,
      RemoteParticipants participants,
      Deliveries deliveries,
      LiveTable live,
      EndedTransactions ended,
      ExecutorService xaExecutor,
      MeterRegistry meters,
      Halt halt) {
    return new XaCoordinator(
        settings, engine, participants, deliveries, live, ended, xaExecutor, meters, halt);
  }

  @Bean
  XaLifecycle xaLifecycle(XaCoordinator coordinator, Halt halt) {
    return new XaLifecycle(
        coordinator, Executors.newSingleThreadScheduledExecutor(threads("xa-reaper-")), halt);
  }

  @Bean
  MeterBinder xaMeters(DecisionLog log, LiveTable live) {
    return meters -> {
      Gauge.builder("tandem.xa.live", live, LiveTable::size).register(meters);
      Gauge.builder("tandem.xa.undelivered", log, l -> l.undelivered().size()).register(meters);
      Gauge.builder("tandem.xa.log.waiting", log, l -> l.waiting()).register(meters);
      Gauge.builder("tandem.xa.anomalies", log, l -> l.anomalies().size()).register(meters);
      FunctionCounter.builder("tandem.xa.log.forces", log, l -> l.figures().forces())
          .register(meters);
      FunctionCounter.builder("tandem.xa.log.records", log, l -> l.figures().records())
          .register(meters);
    };
  }
}
