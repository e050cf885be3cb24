package dev.tandem.mode.xa;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConditionalOnMode;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.LimitOwner;
import dev.tandem.rest.internal.InternalClients;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the room: phase two in both services, the drive at the owner, the work at the copy. */
@AutoConfiguration(
    afterName = {
      "dev.tandem.mode.ModeConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration"
    })
@ConditionalOnMode(XaMode.NAME)
@EnableConfigurationProperties(XaSettings.class)
@Import(XaParticipation.class)
class XaConfiguration {

  private static final String OWNER = "customer-service";
  private static final String COPY = "order-service";

  @Bean
  Branches branches(DataSourceProperties database, XaSettings settings) {
    return new Branches(database, settings.branchConnections());
  }

  @Bean
  BranchWork branchWork(PlatformTransactionManager transactions, JdbcClient jdbc) {
    return new BranchWork(new TransactionTemplate(transactions), jdbc);
  }

  @Bean
  @ConditionalOnBean(LimitCopy.class)
  XaWork xaWork(
      LimitCopy copy, BranchWork work, Branches branches, ChangeRows rows, Audience audience) {
    return new XaWork(copy, work, branches, rows, audience);
  }

  /** Threads that wait for answers of other parts; bounded by the requests that wait for them. */
  @Bean(destroyMethod = "shutdown")
  @ConditionalOnBean(LimitOwner.class)
  ExecutorService xaCalls() {
    return Executors.newCachedThreadPool(
        task -> {
          var thread = new Thread(task, "xa-call");
          thread.setDaemon(true);
          return thread;
        });
  }

  @Bean
  @ConditionalOnBean(LimitOwner.class)
  ConsistencyMode xaMode(
      InternalClients clients,
      XaSettings settings,
      LimitOwner owner,
      CopyQuestions questions,
      BranchWork work,
      Branches branches,
      ChangeRows rows,
      ExecutorService xaCalls,
      Audience audience) {
    return new XaMode(
        new Coordinator(clients, settings, OWNER, COPY),
        owner,
        new RemoteCopy(clients, settings, COPY),
        questions,
        work,
        branches,
        rows,
        xaCalls,
        audience,
        settings.changesAtOnce());
  }
}
