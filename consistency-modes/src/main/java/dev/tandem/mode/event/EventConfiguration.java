package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConditionalOnMode;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.LimitOwner;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the room: drive, outbox and relay at the owner, the consumers at the copy. */
@AutoConfiguration(
    afterName = {
      "dev.tandem.mode.ModeConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration"
    })
@ConditionalOnMode(EventMode.NAME)
@EnableConfigurationProperties(EventSettings.class)
class EventConfiguration {

  /**
   * A call to a broker that hangs ends after this time, and a connection on which nothing comes is
   * given up.
   */
  private static final long CALL_TIMEOUT = 5_000;

  private static final long SILENCE = 5_000;

  /**
   * Connections to the broker. They do not mend themselves: whoever holds one closes it after an
   * error and opens another, and so knows what was acknowledged and what was not.
   */
  @Bean
  ActiveMQConnectionFactory eventBroker(EventSettings settings) throws JMSException {
    var broker = settings.broker();
    var factory = new ActiveMQConnectionFactory(broker.url(), broker.user(), broker.password());
    factory.setReconnectAttempts(0);
    factory.setInitialConnectAttempts(1);
    factory.setCallTimeout(CALL_TIMEOUT);
    factory.setClientFailureCheckPeriod(SILENCE);
    factory.setConnectionTTL(2 * SILENCE);
    factory.setBlockOnDurableSend(false); // all sends here are in sessions whose commit waits
    return factory;
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  Outbox outbox(JdbcClient jdbc) {
    return new Outbox(jdbc);
  }

  @Bean(initMethod = "start")
  @ConditionalOnBean(LimitOwner.class)
  Relay eventRelay(
      DataSourceProperties database,
      ConnectionFactory eventBroker,
      EventSettings settings,
      Lanes lanes,
      Audience audience) {
    return new Relay(database, eventBroker, settings, lanes, audience);
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  OutboxApi outboxApi(Outbox outbox, Relay relay) {
    return new OutboxApi(outbox, relay);
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  OutboxMeters outboxMeters(Outbox outbox, Relay relay) {
    return new OutboxMeters(outbox, relay);
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  ConsistencyMode eventMode(
      LimitOwner owner,
      Outbox outbox,
      Relay relay,
      CopyQuestions questions,
      PlatformTransactionManager transactions,
      ChangeRows rows,
      Audience audience) {
    return new EventMode(
        owner, outbox, relay, questions, new TransactionTemplate(transactions), rows, audience);
  }

  @Bean
  Lanes lanes(EventSettings settings) {
    return new Lanes(settings.lanes());
  }
}
