package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes one session of the database wait for another one's lock, as those of two instances do. */
final class LockWait {

  private static final Duration OFTEN = Duration.ofMillis(5);

  private final OrderService service;
  private final OrdersDatabase database;

  LockWait(OrderService service, OrdersDatabase database) {
    this.service = service;
    this.database = database;
  }

  /** An instance that waits for a lock for longer than this process ever stands still. */
  static OrderService patientInstance(OrdersDatabase database, Owner owner, Actions actions) {
    return new OrderService(
        database,
        owner,
        actions.setting(),
        "--spring.datasource.hikari.connection-init-sql=set lock_timeout = '8s'");
  }

  /** Does the second thing while the first one is done and not committed; it must wait for it. */
  <T> T whileLocked(Runnable first, Supplier<T> second) throws Exception {
    var done = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var transactions = new TransactionTemplate(service.bean(PlatformTransactionManager.class));
    var holding =
        CompletableFuture.runAsync(
            () ->
                transactions.executeWithoutResult(
                    status -> {
                      first.run();
                      done.countDown();
                      awaitQuietly(go);
                    }));
    awaitQuietly(done);
    var waiting = CompletableFuture.supplyAsync(second);
    try {
      await().pollInterval(OFTEN).until(() -> waiting.isDone() || waiting() > 0);
      assertThat(waiting).isNotDone();
    } finally {
      go.countDown();
    }
    holding.get();
    return waiting.get();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nothing came");
      }
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  /** That many sessions wait for a lock. */
  void awaitWaiting(int sessions) {
    await().pollInterval(OFTEN).until(() -> waiting() >= sessions);
  }

  private int waiting() {
    return database
        .admin()
        .sql(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                + " and usename = 'order_service'")
        .query(Integer.class)
        .single();
  }
}
