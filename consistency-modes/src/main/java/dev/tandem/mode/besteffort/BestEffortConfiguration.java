package dev.tandem.mode.besteffort;

import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConditionalOnMode;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.LimitOwner;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the room, where somebody asked for it by name. */
@AutoConfiguration(
    afterName = {
      "dev.tandem.mode.ModeConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration"
    })
@ConditionalOnMode(BestEffortMode.NAME)
class BestEffortConfiguration {

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  ConsistencyMode bestEffortMode(
      LimitOwner owner,
      InternalClients clients,
      PlatformTransactionManager transactions,
      ChangeRows rows) {
    return new BestEffortMode(
        owner,
        new RemoteCopy(clients, Duration.ofMillis(1_200)),
        new TransactionTemplate(transactions),
        rows);
  }

  @Bean
  @ConditionalOnBean(LimitCopy.class)
  BestEffortParticipation bestEffortParticipation(
      LimitCopy copy, PlatformTransactionManager transactions) {
    return new BestEffortParticipation(copy, new TransactionTemplate(transactions));
  }
}
