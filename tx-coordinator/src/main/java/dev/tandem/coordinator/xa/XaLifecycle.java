package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.log.Halt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs the reaper, and ends what is live before the web server stops: whoever is committing still
 * gets the answer, whoever begins is told 503.
 */
final class XaLifecycle implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(XaLifecycle.class);

  /** How late a transaction may be rolled back. */
  private static final long REAPER_PERIOD_MILLIS = 100;

  private final XaCoordinator coordinator;
  private final ScheduledExecutorService reaper;
  private final Halt halt;
  private volatile boolean running;

  XaLifecycle(XaCoordinator coordinator, ScheduledExecutorService reaper, Halt halt) {
    this.coordinator = coordinator;
    this.reaper = reaper;
    this.halt = halt;
  }

  @Override
  public void start() {
    var unused =
        reaper.scheduleWithFixedDelay(
            this::reap, REAPER_PERIOD_MILLIS, REAPER_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    running = true;
  }

  /** A scheduler drops a task that throws, and transactions would then live for ever. */
  private void reap() {
    try {
      coordinator.reap();
    } catch (RuntimeException failure) {
      log.error("the reaper failed, it tries again", failure);
    } catch (Error failure) {
      halt.halt("The reaper failed: transactions would live for ever. This process ends.", failure);
      throw failure;
    }
  }

  @Override
  public void stop() {
    try {
      coordinator.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    reaper.shutdownNow();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The last phase: stopped first, before the web server. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
