package dev.tandem.mode;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every room needs, and the choice among them in the service that starts changes. */
@AutoConfiguration(
    afterName = "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration")
@EnableConfigurationProperties(ModeSettings.class)
class ModeConfiguration {

  @Bean
  ChangeRows changeRows(JdbcClient jdbc) {
    return new ChangeRows(jdbc);
  }

  @Bean
  Audience audience(ObjectProvider<ModeListener> listeners) {
    return new Audience(listeners.orderedStream().toList());
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  ModeInForce modeInForce(ObjectProvider<ConsistencyMode> modes, ModeSettings settings) {
    return new ModeInForce(modes.orderedStream().toList(), settings);
  }
}
