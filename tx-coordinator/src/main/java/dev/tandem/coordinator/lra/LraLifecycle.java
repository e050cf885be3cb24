package dev.tandem.coordinator.lra;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the passes of recovery while the web server does. */
final class LraLifecycle implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(LraLifecycle.class);

  /** Two participants that hang, 2 s each. */
  private static final Duration PASS = Duration.ofSeconds(5);

  private final Narayana narayana;
  private final Duration period;
  private final ScheduledExecutorService passes;
  private volatile boolean running;

  LraLifecycle(Narayana narayana, Duration period, ScheduledExecutorService passes) {
    this.narayana = narayana;
    this.period = period;
    this.passes = passes;
  }

  @Override
  public void start() {
    var unused =
        passes.scheduleWithFixedDelay(this::pass, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    running = true;
  }

  /** A scheduler drops a task that throws, and actions would then stay open for ever. */
  private void pass() {
    try {
      narayana.recover();
    } catch (RuntimeException failure) {
      log.error("a pass of recovery failed, the next one tries again", failure);
    }
  }

  @Override
  public void stop() {
    narayana.stopRecovering();
    passes.shutdown(); // without an interrupt, which would close the journal's files
    try {
      if (!passes.awaitTermination(PASS.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a pass of recovery still runs, its participants do not answer");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
