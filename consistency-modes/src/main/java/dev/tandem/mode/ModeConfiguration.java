package dev.tandem.mode;

import dev.tandem.rest.internal.InternalClients;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/** What every room needs, and the choice among them in the service that starts changes. */
@AutoConfiguration(
    afterName = "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration")
@EnableConfigurationProperties(ModeSettings.class)
@Import({Anomalies.class, ChangeQuestions.class})
class ModeConfiguration {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @Bean
  ChangeRows changeRows(JdbcClient jdbc) {
    return new ChangeRows(jdbc);
  }

  /**
   * Makes a {@code lock_timeout} the {@code PessimisticLockingFailureException} that the rooms wait
   * for: Spring knows most of PostgreSQL's states, but not this one.
   */
  @Bean
  @ConditionalOnMissingBean
  SQLExceptionTranslator lockTimeouts() {
    var translator = new SQLExceptionSubclassTranslator();
    translator.setCustomTranslator(
        (task, sql, failure) ->
            LOCK_NOT_AVAILABLE.equals(failure.getSQLState())
                ? new CannotAcquireLockException(task, failure)
                : null);
    return translator;
  }

  @Bean
  Audience audience(ObjectProvider<ModeListener> listeners) {
    return new Audience(listeners.orderedStream().toList());
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  CopyQuestions copyQuestions(InternalClients clients) {
    return new CopyQuestions(clients);
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  ModeInForce modeInForce(ObjectProvider<ConsistencyMode> modes, ModeSettings settings) {
    return new ModeInForce(modes.orderedStream().toList(), settings);
  }
}
