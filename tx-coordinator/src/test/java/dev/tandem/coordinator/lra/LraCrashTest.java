package dev.tandem.coordinator.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.lra.ScriptedService.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The coordinator killed with -9, at steps that a participant sees. */
class LraCrashTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Counted from health. */
  private static final Duration RESOLVED = Duration.ofSeconds(5);

  @TempDir Path folder;

  final ScriptedService customers = new ScriptedService("customer-service");
  final ScriptedService orders = new ScriptedService("order-service");
  final List<ScriptedService> both = List.of(customers, orders);

  @AfterEach
  void close() {
    both.forEach(ScriptedService::close);
  }

  /** All points in one life and one death of the process; each alone in the crash table below. */
  @Test
  void killedItEndsEveryActionAfterTheRestartAsItWasDecided() throws Exception {
    String active;
    String late;
    String closing;
    String cancelling;
    try (var first = start()) {
      active = first.client.open(LIMIT, both);
      closing = endUntilSecondCall(first.client, "close", "complete");
      cancelling = endUntilSecondCall(first.client, "cancel", "compensate");
      late = first.client.open(Duration.ofSeconds(2), both);
      first.kill();
      assertThat(first.isAlive()).isFalse();
    }
    both.forEach(ScriptedService::answersAsUsual);
    customers.goesAway();

    try (var second = start()) {
      assertThat(second.client.openActions()).contains(active, closing, cancelling);
      assertThat(second.client.close(closing).body()).isEqualTo("Closing");
      customers.comesBack();
      await()
          .atMost(RESOLVED)
          .until(
              () ->
                  second.client.hasEnded(closing)
                      && second.client.hasEnded(cancelling)
                      && second.client.hasEnded(late));
      assertThat(second.client.close(active).body()).isEqualTo("Closed");
      assertThat(second.client.openActions()).isEmpty();
    }
    both.forEach(
        one -> {
          assertThat(one.verbsFor(closing))
              .as(one.name)
              .contains("complete")
              .containsOnly("complete");
          assertThat(one.verbsFor(cancelling)).contains("compensate").containsOnly("compensate");
          assertThat(one.verbsFor(late)).contains("compensate").containsOnly("compensate");
          assertThat(one.verbsFor(active)).containsExactly("complete");
        });
    assertNothingBesideTheData();
  }

  /** The caller's call hangs in the second callback; the first one has confirmed. */
  private String endUntilSecondCall(LraClient client, String end, String verb) throws Exception {
    var reached = new CountDownLatch(2);
    var confirmed = new CountDownLatch(1);
    both.forEach(
        one ->
            one.on(
                verb,
                action -> {
                  reached.countDown();
                  if (reached.getCount() == 0) {
                    confirmed.await(30, TimeUnit.SECONDS);
                    return Reply.BUSY;
                  }
                  return Reply.DONE;
                }));
    var action = client.open(LIMIT, both);
    var unused =
        CompletableFuture.runAsync(
            () -> client.send("PUT", "/lra-coordinator/" + action + "/" + end));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    return action;
  }

  private void assertNothingBesideTheData() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "coordinator.out");
    }
  }

  @Tag("crash")
  @ParameterizedTest
  @CsvSource({
    "close,complete,customer-service",
    "close,complete,order-service",
    "cancel,compensate,customer-service",
    "cancel,compensate,order-service"
  })
  void killedInsideACallbackItRepeatsItAfterTheRestart(String end, String verb, String at)
      throws Exception {
    for (int round = 0; round < 3; round++) {
      String action;
      var killed = new CountDownLatch(1);
      try (var first = start()) {
        both.stream()
            .filter(one -> one.name.equals(at))
            .forEach(
                one ->
                    one.on(
                        verb,
                        same -> {
                          first.kill();
                          killed.countDown();
                          return Reply.BUSY;
                        }));
        action = first.client.open(LIMIT, both);
        var unused =
            CompletableFuture.runAsync(
                () -> first.client.send("PUT", "/lra-coordinator/" + action + "/" + end));
        assertThat(killed.await(10, TimeUnit.SECONDS)).isTrue();
      }
      both.forEach(ScriptedService::answersAsUsual);
      try (var second = start()) {
        await().atMost(RESOLVED).until(() -> second.client.hasEnded(action));
        both.forEach(one -> assertThat(one.verbsFor(action)).contains(verb).containsOnly(verb));
        assertThat(second.client.openActions()).isEmpty();
      }
    }
  }

  private RoomProcess start() throws IOException {
    return new RoomProcess(folder, both).awaitHealthy();
  }
}
