package dev.tandem.coordinator.xa;

import static dev.tandem.coordinator.xa.ScriptedParticipant.State.COMMITTED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.PREPARED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.xa.CoordinatorClient.Answer;
import dev.tandem.coordinator.xa.CoordinatorClient.Begun;
import dev.tandem.coordinator.xa.ScriptedParticipant.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator killed with -9 and frozen with SIGSTOP, at steps that a participant sees. */
@Tag("crash")
class CoordinatorCrashTest {

  /** Counted from health; on a quiet machine it takes a second. */
  private static final Duration RESOLVED = Duration.ofSeconds(5);

  @TempDir Path folder;

  final ScriptedParticipant customers = new ScriptedParticipant("customer-service");
  final ScriptedParticipant orders = new ScriptedParticipant("order-service");
  final List<ScriptedParticipant> both = List.of(customers, orders);
  final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    both.forEach(ScriptedParticipant::close);
    callers.shutdownNow();
  }

  @Test
  void killedBeforeTheDecisionRollsBackAfterTheRestart() throws Exception {
    Begun waiting;
    Begun preparing;
    try (var first = start()) {
      waiting = begunAndPrepared(first.client);
      preparing = begunAndPrepared(first.client);
      var reached = killAt("prepare", first);
      callers.submit(() -> first.client.commitWithVotes(preparing.id(), "{}"));
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(first.isAlive()).isFalse();
    }
    both.forEach(p -> assertThat(p.prepared()).hasSize(2));

    try (var second = start()) {
      await()
          .atMost(RESOLVED)
          .untilAsserted(
              () -> {
                assertAll(waiting, ROLLED_BACK);
                assertAll(preparing, ROLLED_BACK);
              });
      assertThat(second.client.find(waiting.id()).outcome()).isEqualTo("rolled-back");
      assertThat(second.client.commit(preparing).outcome()).isEqualTo("rolled-back");
    }
  }

  @Test
  void killedAfterTheDecisionCommitsAfterTheRestart() throws Exception {
    Begun begun;
    try (var first = start()) {
      begun = begunAndPrepared(first.client);
      var reached = killAt("commit", first);
      callers.submit(() -> first.client.commit(begun));
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(first.isAlive()).isFalse();
    }
    both.forEach(participant -> participant.on("commit", branch -> Reply.BUSY));

    try (var second = start()) {
      assertThat(second.client.find(begun.id()).outcome()).isEqualTo("decided");
      assertThat(second.client.rollback(begun.id()).outcome()).isEqualTo("decided");
      both.forEach(participant -> participant.actsOn("commit"));
      await().atMost(RESOLVED).untilAsserted(() -> assertAll(begun, COMMITTED));
      await()
          .atMost(RESOLVED)
          .until(() -> second.client.find(begun.id()).outcome().equals("committed"));
      assertThat(second.client.all().get("transactions")).isEmpty();
    }
  }

  @Test
  void killedBetweenTheCommitsCommitsTheOtherAfterTheRestart() throws Exception {
    Begun begun;
    var hold = new CountDownLatch(1);
    try (var first = start()) {
      begun = begunAndPrepared(first.client);
      orders.on(
          "commit",
          branch -> {
            hold.await(10, TimeUnit.SECONDS);
            return Reply.BUSY;
          });
      callers.submit(() -> first.client.commit(begun));
      await().until(() -> customers.stateOf(begun.branch(customers)) == COMMITTED);
      assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(PREPARED);
      first.kill();
    }
    hold.countDown();
    orders.actsOn("commit");

    try (var second = start()) {
      await().atMost(RESOLVED).untilAsserted(() -> assertAll(begun, COMMITTED));
      await()
          .atMost(RESOLVED)
          .until(() -> second.client.find(begun.id()).outcome().equals("committed"));
    }
  }

  // X1

  @Test
  void frozenBetweenPrepareAndDecisionEveryTransactionEndsAsOne() throws Exception {
    try (var coordinator = start("--tandem.xa.recovery-delay=50ms", "--tandem.xa.timeout=5s")) {
      var transactions = new ArrayList<Begun>();
      for (int i = 0; i < 10; i++) {
        transactions.add(begunAndPrepared(coordinator.client));
      }
      var reached = new CountDownLatch(transactions.size());
      var frozen = new CountDownLatch(1);
      orders.on(
          "prepare",
          branch -> {
            reached.countDown();
            frozen.await(30, TimeUnit.SECONDS);
            return Reply.AS_USUAL;
          });
      var answers =
          transactions.stream()
              .map(
                  begun ->
                      CompletableFuture.supplyAsync(
                          () ->
                              coordinator.client.commitWithVotes(
                                  begun.id(), "{\"customer-service\":\"prepared\"}"),
                          callers))
              .toList();
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      coordinator.freeze();
      frozen.countDown();
      assertThatThrownBy(() -> answers.get(0).get(6, TimeUnit.SECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      coordinator.thaw();

      for (int i = 0; i < transactions.size(); i++) {
        assertEndsAsOne(coordinator.client, transactions.get(i), answers.get(i).join());
      }
      assertThat(coordinator.client.all().get("anomalies")).isEmpty();
    }
  }

  private void assertEndsAsOne(CoordinatorClient client, Begun begun, Answer answer) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              var outcome = client.find(begun.id()).outcome();
              assertThat(outcome).as("answered %s", answer).isIn("committed", "rolled-back");
              assertAll(begun, outcome.equals("committed") ? COMMITTED : ROLLED_BACK);
            });
    if (answer.outcome().equals("committed") || answer.outcome().equals("rolled-back")) {
      assertThat(client.find(begun.id()).outcome()).isEqualTo(answer.outcome());
    }
  }

  /** Kills the coordinator when one participant gets the verb, before anything is carried out. */
  private CountDownLatch killAt(String verb, CoordinatorProcess coordinator) {
    var reached = new CountDownLatch(1);
    both.forEach(
        participant ->
            participant.on(
                verb,
                branch -> {
                  coordinator.kill();
                  reached.countDown();
                  return Reply.BUSY;
                }));
    return reached;
  }

  private CoordinatorProcess start(String... more) throws Exception {
    return new CoordinatorProcess(folder, both, more).awaitHealthy();
  }

  private Begun begunAndPrepared(CoordinatorClient client) {
    var begun = client.begin("change-1", both);
    both.forEach(participant -> participant.prepares(begun.branch(participant)));
    return begun;
  }

  private void assertAll(Begun begun, ScriptedParticipant.State state) {
    both.forEach(
        participant ->
            assertThat(participant.stateOf(begun.branch(participant)))
                .as(participant.name)
                .isEqualTo(state));
  }
}
