package dev.tandem.coordinator.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atomikos.datasource.xa.XID;
import dev.tandem.coordinator.xa.log.DecisionLog;
import dev.tandem.coordinator.xa.log.Halt;
import dev.tandem.coordinator.xa.log.LogSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not happen: an entry of the live table that nobody ends, and recovery passes by. */
class EndsThatFailTest {

  private static final OutOfMemoryError NO_THREAD = new OutOfMemoryError("no native thread");

  @TempDir Path folder;

  final LiveTable live = new LiveTable();
  final EndedTransactions ended = new EndedTransactions();
  final AtomicInteger halted = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger(1);
  final Halt halt = (reason, cause) -> halted.incrementAndGet();
  DecisionLog log;
  Deliveries deliveries;
  XaCoordinator coordinator;

  @BeforeEach
  void open() {
    log = DecisionLog.open(folder, LogSettings.defaults(), Clock.systemUTC(), Halt.process());
    deliveries = new Deliveries(log, live, ended, Clock.systemUTC());
    coordinator = coordinator(this::failOnceThenRun);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aCommitWithoutAThreadEndsTheProcess() {
    live.add(transaction());

    assertThatThrownBy(() -> coordinator.commit("tm1", Map.of())).isSameAs(NO_THREAD);
    assertThat(halted).hasValue(1);
  }

  @Test
  void aRollbackWithoutAThreadEndsTheProcess() {
    live.add(transaction());

    assertThatThrownBy(() -> coordinator.rollback("tm1", Set.of())).isSameAs(NO_THREAD);
    assertThat(halted).hasValue(1);
  }

  @Test
  void aReaperWithoutAThreadEndsTheProcess() {
    live.add(transaction());
    var lifecycle =
        new XaLifecycle(coordinator, Executors.newSingleThreadScheduledExecutor(), halt);
    lifecycle.start();
    try {
      // by whoever wanted the thread, and by the reaper, which an error would have stopped for ever
      await().untilAsserted(() -> assertThat(halted).hasValueGreaterThanOrEqualTo(2));
    } finally {
      lifecycle.stop();
    }
  }

  @Test
  void aRollbackThatFailsInOurOwnCodeStillLeavesTheLiveTable() {
    var threads = Executors.newCachedThreadPool();
    live.add(transaction());
    try {
      coordinator(threads).rollback("tm1", Set.of());

      assertThat(live.size()).isZero();
      assertThat(ended.find("tm1")).as("the scan does the rest").isEqualTo(Outcome.ROLLED_BACK);
      assertThat(halted).hasValue(0);
    } finally {
      threads.shutdown();
    }
  }

  private void failOnceThenRun(Runnable task) {
    if (failures.getAndDecrement() > 0) {
      throw NO_THREAD;
    }
    task.run();
  }

  /** Neither Atomikos nor a scan has a part in what is tested here. */
  private XaCoordinator coordinator(Executor executor) {
    var settings =
        new XaSettings(
            "tm",
            folder,
            Duration.ofMillis(1),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            List.of("order-service"));
    return new XaCoordinator(
        settings, null, null, deliveries, live, ended, executor, new SimpleMeterRegistry(), halt);
  }

  private GlobalTransaction transaction() {
    var branch = new RemoteBranch(new Broken(), "change-1", deliveries);
    branch.start(new XID("tm1", "tm1", ""), 0);
    return new GlobalTransaction("change-1", List.of(branch), null, Runnable::run);
  }

  /** Fails as only a defect of ours can: a participant that is away answers AWAY. */
  private static final class Broken implements Participant {

    @Override
    public String name() {
      return "order-service";
    }

    @Override
    public List<String> prepared(String coordinator) {
      return List.of();
    }

    @Override
    public Vote prepare(String branch) {
      return Vote.PREPARED;
    }

    @Override
    public Answer commit(String branch) {
      throw new IllegalStateException("a defect");
    }

    @Override
    public Answer rollback(String branch) {
      throw new IllegalStateException("a defect");
    }
  }
}
