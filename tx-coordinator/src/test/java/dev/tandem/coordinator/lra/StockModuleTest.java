package dev.tandem.coordinator.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.lra.ScriptedService.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why {@link LraRecovery} exists: the same two stories with Narayana's module and with ours. When
 * the first test fails after an update of Narayana, try to do without ours.
 */
@Tag("crash")
class StockModuleTest {

  private static final String STOCK =
      "--tandem.lra.recovery-module=io.narayana.lra.coordinator.internal.LRARecoveryModule";

  /** The oftener it looks, the sooner it does wrong. */
  private static final String OFTEN = "--tandem.lra.recovery-period=20ms";

  private static final Duration A_FEW_ROUNDS = Duration.ofMinutes(2);

  @TempDir Path folder;

  final ScriptedService customers = new ScriptedService("customer-service");
  final ScriptedService orders = new ScriptedService("order-service");
  final List<ScriptedService> both = List.of(customers, orders);

  @AfterEach
  void close() {
    both.forEach(ScriptedService::close);
  }

  @Test
  void narayanasModuleCompensatesClosedActionsAndLeavesAKilledOneClosing() throws Exception {
    String killed;
    try (var first = start(STOCK, OFTEN)) {
      // a race between its passes and a close: a busy machine can have a round without it
      await().atMost(A_FEW_ROUNDS).until(() -> compensatedAfterTheirClose(first.client) > 0);
      killed = killInsideClose(first);
    }
    try (var second = start(STOCK, OFTEN)) {
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(3))
          .until(() -> second.client.status(killed).body().equals("Closing"));
      assertThat(customers.verbsFor(killed).size() + orders.verbsFor(killed).size()).isEqualTo(1);
    }
  }

  @Test
  void oursDoesNeither() throws Exception {
    String killed;
    try (var first = start(OFTEN)) {
      assertThat(compensatedAfterTheirClose(first.client)).isZero();
      killed = killInsideClose(first);
    }
    try (var second = start(OFTEN)) {
      await().atMost(Duration.ofSeconds(3)).until(() -> second.client.hasEnded(killed));
      both.forEach(one -> assertThat(one.verbsFor(killed)).containsOnly("complete"));
    }
  }

  /** Of actions that live through some passes and are closed, how many are compensated then. */
  private long compensatedAfterTheirClose(LraClient client) {
    var limit = Duration.ofMillis(2500);
    var actions = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      actions.add(client.open(limit, both));
    }
    // on a slow machine the limit of some has passed: those are rightly compensated
    var closed = actions.stream().filter(action -> isClosed(client, action)).toList();
    assertThat(closed).isNotEmpty();
    await().pollDelay(limit.plusMillis(500)).until(() -> true);
    return closed.stream()
        .filter(
            action -> both.stream().anyMatch(one -> one.verbsFor(action).contains("compensate")))
        .count();
  }

  private static boolean isClosed(LraClient client, String action) {
    return client.close(action).body().equals("Closed");
  }

  private String killInsideClose(RoomProcess process) throws Exception {
    var reached = new CountDownLatch(1);
    both.forEach(
        one ->
            one.on(
                "complete",
                action -> {
                  process.kill();
                  reached.countDown();
                  return Reply.BUSY;
                }));
    var action = process.client.open(Duration.ofMinutes(1), both);
    var unused = CompletableFuture.runAsync(() -> process.client.close(action));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    both.forEach(ScriptedService::answersAsUsual);
    return action;
  }

  private RoomProcess start(String... more) throws Exception {
    return new RoomProcess(folder, both, more).awaitHealthy();
  }
}
