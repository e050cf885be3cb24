package dev.tandem.coordinator.lra;

import dev.tandem.rest.internal.InternalClients;
import dev.tandem.rest.internal.TokenPath;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Puts the room together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LraSettings.class)
class LraConfiguration {

  @Bean
  ParticipantLinks participantLinks(LraSettings settings) {
    return new ParticipantLinks(settings.participants());
  }

  @Bean
  Narayana narayana(LraSettings settings, ParticipantLinks links, InternalClients clients) {
    return new Narayana(settings, new ParticipantConnector(settings, links, clients));
  }

  @Bean
  TokenPath lraPath() {
    return new TokenPath(LraServlet.PATH);
  }

  /** Narayana comes later: the web server must not begin with a folder that cannot be used. */
  @Bean
  ServletRegistrationBean<LraServlet> lraServlet(
      ObjectProvider<Narayana> narayana,
      ParticipantLinks links,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver answers) {
    var registration =
        new ServletRegistrationBean<>(
            new LraServlet(() -> narayana.getObject().service(), links, answers),
            LraServlet.PATH + "/*");
    registration.setName("lra-coordinator");
    registration.setLoadOnStartup(1); // a second's work, not to be taken from the first change
    return registration;
  }

  @Bean
  LraLifecycle lraLifecycle(Narayana narayana, LraSettings settings) {
    var threads = new CustomizableThreadFactory("lra-recovery-");
    threads.setDaemon(true);
    return new LraLifecycle(
        narayana, settings.recoveryPeriod(), Executors.newSingleThreadScheduledExecutor(threads));
  }

  @Bean
  OpenActions openActions(Narayana narayana) {
    return new OpenActions(narayana.service(), Clock.systemUTC());
  }

  @Bean
  HealthIndicator lraHealthIndicator() {
    return () -> {
      var failure = LraStore.STORE.failure();
      return failure == null ? Health.up().build() : Health.down(failure).build();
    };
  }

  @Bean
  MeterBinder lraMeters(OpenActions actions) {
    return meters -> {
      Gauge.builder("tandem.lra.open", actions, OpenActions::open).register(meters);
      Gauge.builder("tandem.lra.failed", actions, OpenActions::failed).register(meters);
      FunctionCounter.builder("tandem.lra.store.writes", LraStore.STORE, LraStore::writes)
          .register(meters);
    };
  }
}
