package dev.tandem.mode.event;

import dev.tandem.mode.ConditionalOnMode;
import jakarta.jms.JMSException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

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
    return factory;
  }

  @Bean
  Lanes lanes(EventSettings settings) {
    return new Lanes(settings.lanes());
  }
}
