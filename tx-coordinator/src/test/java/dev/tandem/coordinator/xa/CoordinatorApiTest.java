package dev.tandem.coordinator.xa;

import static dev.tandem.coordinator.xa.ScriptedParticipant.State.COMMITTED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.xa.CoordinatorClient.Answer;
import dev.tandem.coordinator.xa.CoordinatorClient.Begun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CoordinatorApiTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;

  static final ScriptedParticipant customers = new ScriptedParticipant("customer-service");
  static final ScriptedParticipant orders = new ScriptedParticipant("order-service");
  static final List<ScriptedParticipant> both = List.of(customers, orders);
  static RunningCoordinator coordinator;
  static CoordinatorClient client;

  @BeforeAll
  static void start() {
    coordinator =
        new RunningCoordinator(
            folder.resolve("log"),
            both,
            "--tandem.xa.recovery-delay=200ms",
            "--tandem.xa.timeout=4s");
    client = coordinator.client;
  }

  @AfterAll
  static void stop() {
    coordinator.close();
    both.forEach(ScriptedParticipant::close);
  }

  @BeforeEach
  void reset() {
    both.forEach(ScriptedParticipant::actsAsUsual);
  }

  @Test
  void beginGivesEachParticipantABranchOfItsOwn() {
    var reference = UUID.randomUUID().toString();
    var begun = client.begin(reference, both);

    assertThat(begun.id()).matches("tandem-tm\\d+");
    assertThat(begun.branches()).containsOnlyKeys("customer-service", "order-service");
    assertThat(begun.branches().values())
        .doesNotHaveDuplicates()
        .allSatisfy(
            branch ->
                assertThat(branch)
                    .matches("xa1:" + begun.id() + ":tandem-tm\\d+:" + reference)
                    .hasSizeLessThanOrEqualTo(200));
    assertThat(client.find(begun.id()).outcome()).isEqualTo("active");
    client.rollback(begun.id());
  }

  @Test
  void theListShowsEachTransactionWithItsAgeAndItsBranches() {
    long start = System.nanoTime();
    var begun = client.begin("change-1", both);

    var listed = listed(begun);
    assertThat(listed.get("reference").asString()).isEqualTo("change-1");
    assertThat(listed.get("outcome").asString()).isEqualTo("active");
    assertThat(branches(listed)).isEqualTo(states(begun, "active", "active"));
    await().until(() -> listed(begun).get("ageMillis").asLong() > listed.get("ageMillis").asLong());
    long age = client.find(begun.id()).body().get("ageMillis").asLong();
    assertThat(Duration.ofMillis(age))
        .isBetween(
            Duration.ofMillis(listed.get("ageMillis").asLong()),
            Duration.ofNanos(System.nanoTime() - start));
    assertThat(branches(client.find(begun.id()).body())).isEqualTo(branches(listed));
    client.rollback(begun.id());
  }

  @Test
  void commitWithAllVotesCommitsEveryBranchAndCanBeRepeated() {
    var begun = begunAndPrepared();

    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertAll(begun, COMMITTED);
    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertThat(client.rollback(begun.id()).outcome()).isEqualTo("committed");
    assertThat(client.find(begun.id()).outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("prepare", begun.branch(orders))).isZero();
    assertThat(orders.callsOf("commit", begun.branch(orders))).isEqualTo(1);
  }

  @Test
  void aParticipantWithoutVoteIsAskedToPrepare() {
    var begun = begunAndPrepared();

    var answer = client.commitWithVotes(begun.id(), "{\"customer-service\":\"prepared\"}");

    assertThat(answer.outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("prepare", begun.branch(orders))).isEqualTo(1);
    assertThat(customers.callsOf("prepare", begun.branch(customers))).isZero();
  }

  @Test
  void aParticipantThatHasNotPreparedRollsEverybodyBack() {
    var begun = client.begin("late-work", both);
    customers.prepares(begun.branch(customers));

    var answer = client.commitWithVotes(begun.id(), "{\"customer-service\":\"prepared\"}");

    assertThat(answer.outcome()).isEqualTo("rolled-back");
    assertAll(begun, ROLLED_BACK);
  }

  @Test
  void aVoteAgainstRollsEverybodyBack() {
    var begun = begunAndPrepared();

    assertThat(client.commit(begun, "rolled-back").outcome()).isEqualTo("rolled-back");
    assertAll(begun, ROLLED_BACK);
  }

  @Test
  void rollbackRollsEveryBranchBackAndCanBeRepeated() {
    var begun = begunAndPrepared();

    assertThat(client.rollback(begun.id()).outcome()).isEqualTo("rolled-back");
    assertAll(begun, ROLLED_BACK);
    assertThat(client.rollback(begun.id()).outcome()).isEqualTo("rolled-back");
    assertThat(client.commit(begun).outcome()).isEqualTo("rolled-back");
  }

  @Test
  void participantsInWhichNothingIsLeftAreNotToldToRollBack() {
    var begun = client.begin("nothing", both);

    var answer =
        client.rollback(begun.id(), "{\"untouched\":[\"customer-service\",\"order-service\"]}");

    assertThat(answer.outcome()).isEqualTo("rolled-back");
    await().until(() -> client.all().get("transactions").isEmpty());
    both.forEach(participant -> assertThat(participant.calls()).as(participant.name).isEmpty());
    assertThat(client.commit(begun).outcome()).isEqualTo("rolled-back");
  }

  @Test
  void whoIsNotNamedAsUntouchedIsRolledBack() {
    var begun = client.begin("half", both);
    customers.prepares(begun.branch(customers));

    client.rollback(begun.id(), "{\"untouched\":[\"order-service\"]}");

    assertThat(customers.stateOf(begun.branch(customers))).isEqualTo(ROLLED_BACK);
    assertThat(orders.calls()).isEmpty();
  }

  @Test
  void aRollbackWhoseUntouchedAreNotUnderstoodIsRefusedAndEndsNothing() {
    var begun = begunAndPrepared();
    for (var body :
        List.of(
            "{\"untouched\":[\"nobody\"]}",
            "{\"untouched\":[null]}",
            "{\"untouched\":\"order-service\"}",
            "{\"touched\":[]}",
            "7")) {
      assertThat(client.rollback(begun.id(), body).status()).as(body).isEqualTo(400);
    }
    assertThat(client.find(begun.id()).outcome()).isEqualTo("active");
    assertThat(client.rollback(begun.id(), "{}").outcome()).isEqualTo("rolled-back");
    assertAll(begun, ROLLED_BACK);
  }

  @Test
  void oneParticipantAloneCommitsToo() {
    var begun = client.begin("alone", List.of(orders));
    orders.prepares(begun.branch(orders));

    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(COMMITTED);
  }

  @Test
  void bothBranchesAreCommittedAtTheSameTime() {
    var begun = begunAndPrepared();
    var bothAreThere = new CyclicBarrier(2);
    both.forEach(
        participant ->
            participant.on(
                "commit",
                branch -> {
                  bothAreThere.await(1, TimeUnit.SECONDS);
                  return ScriptedParticipant.Reply.AS_USUAL;
                }));

    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
  }

  // X8

  @Test
  void whoeverEndsATransactionGetsTheOneOutcome() {
    for (int round = 0; round < 20; round++) {
      var begun = begunAndPrepared();
      var start = new CountDownLatch(1);
      var enders =
          IntStream.range(0, 8)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> end(begun, start, i)))
              .toList();
      start.countDown();

      var outcomes =
          enders.stream().map(CompletableFuture::join).map(Answer::outcome).distinct().toList();
      var state = customers.stateOf(begun.branch(customers));
      assertThat(outcomes).containsExactly(state == COMMITTED ? "committed" : "rolled-back");
      assertAll(begun, state);
      // a scan whose list was made just before the end may repeat the verb, but never send another
      var verbs = customers.calls().stream().filter(call -> call.contains(begun.branch(customers)));
      assertThat(verbs.distinct()).hasSize(1);
    }
  }

  private Answer end(Begun begun, CountDownLatch start, int i) {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return i % 2 == 0 ? client.commit(begun) : client.rollback(begun.id());
  }

  @Test
  void aCommitThatComesSecondWaitsForTheAnswerOfTheFirst() throws Exception {
    var begun = begunAndPrepared();
    var reached = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    orders.on(
        "commit",
        branch -> {
          reached.countDown();
          go.await(5, TimeUnit.SECONDS);
          return ScriptedParticipant.Reply.AS_USUAL;
        });
    var first = client.commitLater(begun);
    assertThat(reached.await(5, TimeUnit.SECONDS)).isTrue();
    var second = client.commitLater(begun);
    var third = CompletableFuture.supplyAsync(() -> client.rollback(begun.id()));
    await().during(Duration.ofMillis(200)).until(() -> !second.isDone() && !third.isDone());
    go.countDown();

    assertThat(first.join().outcome()).isEqualTo("committed");
    assertThat(second.join().outcome()).isEqualTo("committed");
    assertThat(third.join().outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("commit", begun.branch(orders))).isEqualTo(1);
  }

  @Test
  void whatNobodyEndsIsRolledBackWhenItsTimeIsOver() {
    long start = System.nanoTime();
    var begun = begunAndPrepared();

    await().atMost(SOON).untilAsserted(() -> assertAll(begun, ROLLED_BACK));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(4)); // its timeout, not the usual one
    assertThat(client.commit(begun).outcome()).isEqualTo("rolled-back");
    assertThat(client.all().get("transactions")).isEmpty();
  }

  // X3, X7

  @Test
  void aBranchThatIsGoneAfterTheDecisionIsMixedAndAnAnomaly() {
    var begun = begunAndPrepared();
    orders.forgets(begun.branch(orders));

    assertThat(client.commit(begun).outcome()).isEqualTo("mixed");
    assertThat(client.find(begun.id()).outcome()).isEqualTo("mixed");
    assertThat(customers.stateOf(begun.branch(customers))).isEqualTo(COMMITTED);
    assertThat(client.all().get("anomalies").toString())
        .contains(begun.id(), begun.branch(orders), "order-service");
    assertThat(client.all().get("inDoubt").asInt()).isZero();
  }

  @Test
  void aRollbackExceptionAfterTheDecisionIsNotTakenForARollback() {
    var begun = begunAndPrepared();
    both.forEach(participant -> participant.forgets(begun.branch(participant)));

    assertThat(client.commit(begun).outcome()).isEqualTo("mixed");
  }

  @Test
  void aBranchThatHasCommittedAgainstARollbackIsAnAnomaly() {
    var begun = begunAndPrepared();
    orders.on(
        "rollback", branch -> new ScriptedParticipant.Reply(409, "{\"result\":\"committed\"}"));

    assertThat(client.rollback(begun.id()).outcome()).isEqualTo("rolled-back");
    assertThat(client.all().get("anomalies").toString()).contains(begun.branch(orders));
  }

  // X7, X10

  @Test
  void aParticipantThatIsAwayInPhaseTwoIsToldWhenItIsBack() {
    var begun = begunAndPrepared();
    customers.on("commit", goingAway(orders));
    orders.on("commit", goingAway(orders));

    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    assertThat(client.find(begun.id()).outcome()).isEqualTo("decided");
    assertThat(client.all().get("inDoubt").asInt()).isEqualTo(1);
    assertThat(client.rollback(begun.id()).outcome()).isEqualTo("decided");

    both.forEach(participant -> participant.on("commit", branch -> null));
    orders.comesBack();
    await().atMost(SOON).untilAsserted(() -> assertAll(begun, COMMITTED));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(client.find(begun.id()).outcome()).isEqualTo("committed"));
    assertThat(client.all().get("transactions")).isEmpty();
  }

  private static ScriptedParticipant.Script goingAway(ScriptedParticipant participant) {
    return branch -> {
      participant.goesAway();
      return ScriptedParticipant.Reply.BUSY;
    };
  }

  @Test
  void theCallerIsAnsweredBeforeItsPatienceEnds() {
    assertThat(answerWithin())
        .as("customer-service waits for 2 s (its tandem.xa.commit-within)")
        .isLessThan(Duration.ofSeconds(2));
  }

  private static Duration answerWithin() {
    return coordinator.bean(XaSettings.class).answerWithin();
  }

  @Test
  void aParticipantThatHangsInPhaseTwoDoesNotKeepTheCallerWaiting() {
    var begun = begunAndPrepared();
    var hold = new CountDownLatch(1);
    orders.on(
        "commit",
        branch -> {
          hold.await(60, TimeUnit.SECONDS); // a client that had to wait for it gives up before
          return ScriptedParticipant.Reply.BUSY;
        });

    long start = System.nanoTime();
    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("its answer-within is %s", answerWithin())
        .isBetween(answerWithin(), answerWithin().multipliedBy(4));
    await()
        .untilAsserted(
            () ->
                assertThat(branches(listed(begun)))
                    .isEqualTo(states(begun, "answered", "prepared")));
    assertThat(listed(begun).get("ageMillis").asLong()).isBetween(1_000L, 60_000L);
    orders.on("commit", branch -> null);
    hold.countDown();
    await().atMost(SOON).untilAsserted(() -> assertAll(begun, COMMITTED));
    await().until(() -> client.all().get("transactions").isEmpty());
  }

  @Test
  void busyIsNoOutcomeAndIsRepeated() {
    var begun = begunAndPrepared();
    var once = new CountDownLatch(1);
    orders.on(
        "commit",
        branch -> {
          boolean first = once.getCount() == 1;
          once.countDown();
          return first ? ScriptedParticipant.Reply.BUSY : ScriptedParticipant.Reply.AS_USUAL;
        });

    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("commit", begun.branch(orders))).isEqualTo(2);
    assertThat(customers.callsOf("commit", begun.branch(customers))).isEqualTo(1);
  }

  @Test
  void aStatusWithoutItsWordIsNoOutcome() {
    var begun = begunAndPrepared();
    orders.on("commit", branch -> new ScriptedParticipant.Reply(409, "{\"code\":\"some-proxy\"}"));

    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    orders.on("commit", branch -> null);
    await().until(() -> client.find(begun.id()).outcome().equals("committed"));
  }

  // input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"reference\":\"r\",\"participants\":[\"nobody\"]} | participants",
        "{\"reference\":\"r\",\"participants\":[]} | participants",
        "{\"reference\":\"r\",\"participants\":[\"order-service\",\"order-service\"]} |"
            + " participants",
        "{\"reference\":\"r\"} | participants",
        "{\"reference\":\"a b\",\"participants\":[\"order-service\"]} | reference",
        "{\"reference\":\"a:b\",\"participants\":[\"order-service\"]} | reference",
        "{\"participants\":[\"order-service\"]} | reference",
        "{\"reference\":7,\"participants\":[\"order-service\"]} | reference",
        "{\"reference\":\"r\",\"participants\":[\"order-service\"],\"url\":\"http://x\"} | url",
      })
  void aBeginThatIsNotUnderstoodIsRefusedNamingTheField(String body, String field) {
    var answer = client.post("/internal/xa/transactions", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().get("errors").get(0).get("field").asString()).isEqualTo(field);
  }

  @Test
  void votesThatAreNotUnderstoodAreRefusedAndEndNothing() {
    var begun = begunAndPrepared();
    for (var votes :
        List.of(
            "{\"order-service\":\"maybe\"}",
            "{\"nobody\":\"prepared\"}",
            "{\"order-service\":null}",
            "7")) {
      assertThat(client.commitWithVotes(begun.id(), votes).status()).as(votes).isEqualTo(400);
    }
    assertThat(client.find(begun.id()).outcome()).isEqualTo("active");
    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
  }

  @Test
  void theIdOfAnotherCoordinatorIsNotCalledRolledBack() {
    assertThat(client.find("other-tm1234").status()).isEqualTo(400);
    assertThat(client.rollback("tandem-tm12a4").status()).isEqualTo(400);
  }

  @Test
  void anIdThatNobodyKnowsCanNeverCommit() {
    assertThat(client.find("tandem-tm1").outcome()).isEqualTo("rolled-back");
    assertThat(client.commitWithVotes("tandem-tm1", "{}").outcome()).isEqualTo("rolled-back");
  }

  @Test
  void withoutTheServiceTokenNothingIsDone() {
    var answer = client.getWithoutToken("/internal/xa/transactions");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body().get("code").asString()).isEqualTo("service-token-required");
  }

  @Test
  void healthAndMetricsAreOpen() {
    var begun = begunAndPrepared();
    client.commit(begun);

    for (var group : List.of("", "/liveness", "/readiness")) {
      assertThat(client.getWithoutToken("/actuator/health" + group).status()).isEqualTo(200);
    }
    for (var metric :
        List.of(
            "tandem.xa.transactions?tag=outcome:committed",
            "tandem.xa.live",
            "tandem.xa.undelivered",
            "tandem.xa.anomalies",
            "tandem.xa.log.forces",
            "tandem.xa.log.records",
            "tandem.xa.participant.calls?tag=verb:commit")) {
      assertThat(client.getWithoutToken("/actuator/metrics/" + metric).status())
          .as(metric)
          .isEqualTo(200);
    }
  }

  private static Begun begunAndPrepared() {
    var begun = client.begin("change-1", both);
    both.forEach(participant -> participant.prepares(begun.branch(participant)));
    return begun;
  }

  private static JsonNode listed(Begun begun) {
    return StreamSupport.stream(client.all().get("transactions").spliterator(), false)
        .filter(one -> one.get("transaction").asString().equals(begun.id()))
        .findFirst()
        .orElseThrow();
  }

  /** Participant and branch, and the state of that. */
  private static Map<String, String> branches(JsonNode transaction) {
    return StreamSupport.stream(transaction.get("branches").spliterator(), false)
        .collect(
            Collectors.toMap(
                one -> one.get("participant").asString() + " " + one.get("branch").asString(),
                one -> one.get("state").asString()));
  }

  private static Map<String, String> states(Begun begun, String ofCustomers, String ofOrders) {
    return Map.of(
        customers.name + " " + begun.branch(customers), ofCustomers,
        orders.name + " " + begun.branch(orders), ofOrders);
  }

  private static void assertAll(Begun begun, ScriptedParticipant.State state) {
    both.forEach(
        participant ->
            assertThat(participant.stateOf(begun.branch(participant)))
                .as(participant.name)
                .isEqualTo(state));
  }
}
