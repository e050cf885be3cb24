package dev.tandem.mode.lra;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConditionalOnMode;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.TentativeCopy;
import dev.tandem.mode.TentativeOwner;
import dev.tandem.rest.internal.InternalClients;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Opens the room: the drive at the owner, work and callbacks at the copy. */
@AutoConfiguration(afterName = "dev.tandem.mode.ModeConfiguration")
@ConditionalOnMode(LraMode.NAME)
@EnableConfigurationProperties(LraSettings.class)
class LraConfiguration {

  private static final int ABANDONING = 2;

  /** What has no place in the queue is left to the actions' time limit. */
  private static final int ABANDONED = 100;

  @Bean
  @ConditionalOnBean(TentativeCopy.class)
  LraWork lraWork(
      TentativeCopy copy, InternalClients clients, LraSettings settings, Audience audience) {
    return new LraWork(copy, new LraCoordinator(clients, settings), audience);
  }

  @Bean
  @ConditionalOnBean(TentativeCopy.class)
  LraParticipation lraParticipation(TentativeCopy copy, Audience audience) {
    return new LraParticipation(copy, audience);
  }

  /** Threads that cancel actions in which nothing was done, while the client has its answer. */
  @Bean(destroyMethod = "shutdown")
  @ConditionalOnBean(TentativeOwner.class)
  ExecutorService lraCalls() {
    return new ThreadPoolExecutor(
        ABANDONING,
        ABANDONING,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(ABANDONED),
        task -> {
          var thread = new Thread(task, "lra-call");
          thread.setDaemon(true);
          return thread;
        },
        new ThreadPoolExecutor.DiscardPolicy());
  }

  @Bean
  @ConditionalOnBean(TentativeOwner.class)
  ConsistencyMode lraMode(
      InternalClients clients,
      LraSettings settings,
      TentativeOwner owner,
      CopyQuestions questions,
      ChangeRows rows,
      ExecutorService lraCalls,
      Audience audience) {
    return new LraMode(
        new LraCoordinator(clients, settings),
        owner,
        new RemoteCopy(clients, settings),
        questions,
        rows,
        lraCalls,
        audience,
        settings.timeLimit());
  }
}
