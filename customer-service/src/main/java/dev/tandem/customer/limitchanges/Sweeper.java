package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Brings every change that was left open to its end, whether anybody asks for it or not. Each
 * instance sweeps: see {@link Resolution} for why that is harmless.
 */
@Component
class Sweeper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private static final int AT_A_TIME = 200;

  /** A question to a frozen part takes seconds: one such change must not hold up the others. */
  private static final int HANDS = 4;

  private final LimitChanges changes;
  private final Resolution resolution;
  private final ExecutorService hands = Executors.newFixedThreadPool(HANDS);

  Sweeper(LimitChanges changes, Resolution resolution) {
    this.changes = changes;
    this.resolution = resolution;
  }

  @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.SECONDS)
  void sweep() {
    try {
      var ripe = changes.ripe(AT_A_TIME);
      ripe.stream()
          .map(change -> CompletableFuture.runAsync(() -> resolve(change), hands))
          .toList()
          .forEach(CompletableFuture::join);
    } catch (DataAccessException away) {
      log.warn(
          "open changes wait, they cannot be read: {}", away.getMostSpecificCause().getMessage());
    }
  }

  private void resolve(ChangeId change) {
    try {
      resolution
          .resolve(change)
          .filter(resolved -> resolved.change().isFinal())
          .ifPresent(resolved -> log.info("{} was open and ended: {}", change, resolved.outcome()));
    } catch (RuntimeException failure) {
      log.warn("{} stays open: {}", change, String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void close() {
    hands.shutdownNow();
  }
}
