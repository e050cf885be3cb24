package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.LraWorld.Reply;
import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.ModeChanged;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.TentativeOwner;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes in long running actions, as clients of the real service see them when parts fail. */
class LraIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static int port;
  private static LraWorld world;
  private static Service service;

  private String customer;

  @BeforeAll
  static void start() {
    port = CustomerDatabase.freePort();
    world = new LraWorld(port);
    service = new Service(settings("4s", "20s"));
  }

  private static Map<String, String> settings(String timeLimit, String endWithin) {
    return Map.of(
        "tandem.consistency.mode", "lra",
        "tandem.consistency.enabled", "lra,xa,besteffort,stage",
        "tandem.lra.time-limit", timeLimit,
        "tandem.lra.start-within", "20s",
        "tandem.lra.work-within", "20s",
        "tandem.lra.end-within", endWithin,
        "spring.datasource.hikari.data-source-properties.socketTimeout", "20",
        "spring.datasource.hikari.connection-init-sql", "set lock_timeout = '8s'",
        "tandem.services.tx-coordinator.url", "http://127.0.0.1:" + port,
        "tandem.services.order-service.url", "http://127.0.0.1:" + port);
  }

  /** Another instance, for as long as somebody is slow: the usual one has patience. */
  private static Service hasty(String timeLimit) {
    return new Service(settings(timeLimit, "1200ms"), own -> service.database.url());
  }

  @AfterAll
  static void stop() {
    service.close();
    world.close();
  }

  @BeforeEach
  void newCustomer() {
    putInForce("lra");
    // on a busy machine the first one may take longer than half of the time limit
    await().atMost(SOON).untilAsserted(() -> customer = service.customer("100"));
    world.reset();
  }

  @AfterEach
  void everyActionEnds() {
    world.reset();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              ripen();
              assertThat(count("select count(*) from open_change")).isZero();
              assertThat(count("select count(*) from limit_change where state = 'pending'"))
                  .isZero();
            });
    assertThat(count("select count(*) from customer where open_change is not null")).isZero();
  }

  @Test
  void aChangeIsStartedWorkedDecidedAndClosedAndNothingElseIsCalled() {
    var changed = change("\"1\"", "250");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.header("Consistency-Mode")).isEqualTo("lra");
    assertThat(changed.header("Consistency-State")).isEqualTo("committed");
    assertThat(world.calls()).containsExactly("start", "work", "close");
    assertThat(limit()).isEqualTo("250.00 \"2\"");
    assertThat(historyStates()).containsExactly("applied", "applied");
    var steps = limitChange(changed).body().path("steps").valueStream();
    assertThat(steps.map(step -> step.path("step").asString()))
        .containsExactly("requested", "pending", "applied-by-owner", "taken-by-copy");
  }

  @Test
  void untilTheEndTheLimitIsWhatItWasAndNoOtherModeMayChangeIt() {
    world.on(
        "close",
        call -> {
          assertThat(limit()).isEqualTo("100.00 \"1\"");
          assertThat(decisions(newestChange())).containsExactly("close");
          var pending = service.get("/limit-changes/" + newestChange());
          assertThat(pending.body().path("state").asString()).isEqualTo("pending");
          assertThat(pending.header("Consistency-State")).isEqualTo("pending");
          assertThat(historyStates()).containsExactly("applied", "pending");
          for (var mode : List.of("lra", "xa", "besteffort")) {
            assertRefused(carryOut(mode, "7"), Reason.CHANGE_IN_PROGRESS);
          }
          return call.goOn();
        });
    assertThat(change("\"1\"", "250").status()).isEqualTo(200);
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @Test
  void aChangeThatMeetsAnotherModeCancelsItsActionAndWritesNothing() {
    var before = count("select count(*) from limit_change");
    putInForce("stage");
    assertThatThrownBy(() -> modes().byName("lra").carryOut(aChange("250", null)))
        .isInstanceOf(ModeChanged.class);
    await().atMost(SOON).until(() -> world.calls().equals(List.of("start", "cancel")));
    assertThat(count("select count(*) from limit_change")).isEqualTo(before);
    assertThat(limit()).isEqualTo("100.00 \"1\"");
  }

  @Test
  void nothingIsDecidedBeforeTheWorkIsDone() {
    world.on(
        "work",
        call -> {
          assertThat(decisions(newestChange())).containsOnlyNulls();
          return call.goOn();
        });
    assertThat(change("\"1\"", "250").status()).isEqualTo(200);
  }

  @Test
  void aVetoIsAnsweredWithItsReasonAndLeavesLimitAndVersionAsTheyWere() {
    world.on("work", call -> veto());

    var refused = change("\"1\"", "250");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("below-exposure");
    assertThat(refused.header("Consistency-State")).isEqualTo("compensated");
    assertThat(refused.body().path("state").asString()).isEqualTo("compensated");
    assertThat(world.calls()).containsExactly("start", "work", "cancel");
    assertThat(limit()).isEqualTo("100.00 \"1\"");
    assertThat(historyStates()).containsExactly("applied", "compensated");
    var told = limitChange(refused);
    assertThat(told.body().path("reason").asString()).isEqualTo("below-exposure");
    assertThat(told.header("Consistency-State")).isEqualTo("compensated");
    world.reset();
    assertThat(change("\"1\"", "300").header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void aNewCustomerIsNotThereBeforeTheEndAndOrderServiceIsToldSo() {
    var seen = new AtomicReference<Answer>();
    world.on(
        "close",
        call -> {
          var id =
              service
                  .database
                  .sql()
                  .sql("select customer_id::text from limit_change where state = 'pending'");
          var pending = id.query(String.class).single();
          assertThat(service.get("/customers/" + pending).status()).isEqualTo(404);
          seen.set(
              service.internal("/internal/customers/" + pending, "Authorization", LraWorld.TOKEN));
          return call.goOn();
        });
    var path = service.customer("5");
    assertThat(seen.get().status()).isEqualTo(503);
    assertThat(seen.get().code()).isEqualTo("change-in-progress");
    assertThat(service.get(path).header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void aCustomerWhoseCreationIsVetoedNeverWas() {
    world.on("work", call -> veto());
    var body = "{\"name\":\"Eve\",\"creditLimit\":{\"amount\":5}}";
    assertThat(service.post("/customers", body).status()).isEqualTo(409);
    assertThat(count("select count(*) from customer where name = 'Eve'")).isZero();
  }

  @Test
  void withoutACoordinatorNothingIsWritten() {
    world.goAway();
    try {
      var refused = change("\"1\"", "250");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.code()).isEqualTo("part-away");
      assertThat(historyStates()).containsExactly("applied");
    } finally {
      world.comeBack();
    }
    world.on("start", call -> new Reply(500, "broken"));
    assertThat(change("\"1\"", "250").code()).isEqualTo("part-away");
    assertThat(historyStates()).containsExactly("applied");
  }

  @Test
  void aRefusalBeforeTheWorkCancelsTheActionThatWasStarted() {
    assertThat(change("\"7\"", "250").status()).isEqualTo(412);
    await().until(() -> world.calls().contains("cancel"));
    assertThat(world.calls()).doesNotContain("work");
    assertThat(historyStates()).containsExactly("applied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "401", "500", "503"})
  void workWithoutAnAnswerThatSettlesItIsTakenBack(String answer) {
    world.on(
        "work",
        call -> {
          call.goOn();
          return answer.equals("null") ? null : new Reply(Integer.parseInt(answer), "{}");
        });
    var refused = change("\"1\"", "250");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("part-away");
    assertThat(refused.header("Consistency-State")).isEqualTo("compensated");
    assertThat(world.copyOf(changeOf(refused))).isEqualTo("refused");
    assertThat(limit()).isEqualTo("100.00 \"1\"");
  }

  @Test
  void inTheSecondHalfOfTheTimeLimitNothingIsClosed() {
    world.on(
        "work",
        call -> {
          await().pollDelay(Duration.ofMillis(1_600)).until(() -> true);
          return call.goOn();
        });
    Answer refused;
    try (var hasty = hasty("3s")) {
      refused = change(hasty, "\"1\"", "250");
    }
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("rolled-back");
    assertThat(world.calls()).containsExactly("start", "work", "cancel");
    assertThat(limit()).isEqualTo("100.00 \"1\"");
  }

  @Test
  void aCloseThatComesTooLateAndIsAnsweredWithCancelledIsTakenBack() {
    world.on(
        "close",
        call -> {
          world.copySays(newestChange(), "refused");
          return new Reply(200, "Cancelled");
        });
    var refused = change("\"1\"", "250");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("rolled-back");
    assertThat(limit()).isEqualTo("100.00 \"1\"");
    assertThat(anomalies()).doesNotContain(changeOf(refused));
  }

  @Test
  void aCloseWhoseReplyIsLostIsFoundOutLater() {
    world.on(
        "close",
        call -> {
          call.goOn();
          return null;
        });
    var open = change("\"1\"", "250");
    assertThat(open.status()).isEqualTo(202);
    assertThat(open.header("Consistency-State")).isEqualTo("pending");
    assertThat(open.header("Location")).isEqualTo("/limit-changes/" + changeOf(open));
    assertRefused(carryOut("besteffort", "7"), Reason.CHANGE_IN_PROGRESS);
    world.heal("close");
    awaitState(open, "applied");
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @Test
  void aCoordinatorThatIsAwayAfterTheDecisionIsAskedUntilItIsBack() {
    world.on("close", call -> null);
    var open = change("\"1\"", "250");
    assertThat(open.status()).isEqualTo(202);
    ripen();
    await().until(() -> world.calls().stream().filter("close"::equals).count() >= 2);
    assertThat(limit()).isEqualTo("100.00 \"1\"");
    world.heal("close");
    awaitState(open, "applied");
    assertThat(world.copyOf(changeOf(open))).isEqualTo("applied");
  }

  @Test
  void anActionThatIsStillEndingIsAskedAbout() {
    world.on("close", call -> new Reply(412, "it is closing"));
    world.on("status", call -> new Reply(200, "Closing"));
    var open = change("\"1\"", "250");
    assertThat(open.status()).isEqualTo(202);
    world.copySays(changeOf(open), "applied");
    world.on("status", call -> new Reply(200, "Closed"));
    awaitState(open, "applied");
  }

  @Test
  void aCancelThatIsNotAnsweredIsRepeatedAndTheVetoStaysTheReason() {
    world.on("work", call -> veto());
    world.on("cancel", call -> new Reply(200, "Cancelling"));
    var open = change("\"1\"", "250");
    assertThat(open.status()).isEqualTo(202);
    assertRefused(carryOut("xa", "7"), Reason.CHANGE_IN_PROGRESS);
    world.heal("cancel");
    awaitState(open, "compensated");
    assertThat(limitChange(open).body().path("reason").asString()).isEqualTo("below-exposure");
  }

  @Test
  void aSlowEndIsNotWaitedFor() {
    var gate = new CountDownLatch(1);
    world.on(
        "close",
        call -> {
          gate.await();
          return call.goOn();
        });
    Answer open;
    try (var hasty = hasty("6s")) {
      var changed = CompletableFuture.supplyAsync(() -> change(hasty, "\"1\"", "250"));
      open = changed.orTimeout(10, TimeUnit.SECONDS).join(); // it hangs until it is let go
    }
    assertThat(open.status()).isEqualTo(202);
    gate.countDown();
    world.heal("close");
    awaitState(open, "applied");
  }

  @Test
  void anActionWhoseInitiatorDiedBeforeItsDecisionIsCancelled() {
    var change = aChange("250", null);
    var action = world.openActionOf(change.id().toString());
    owner().reserve(change, "lra", new ActionId(action));
    awaitState(change.id(), "compensated");
    assertThat(world.copyOf(change.id().toString())).isEqualTo("refused");
    assertThat(world.calls()).contains("cancel").doesNotContain("close");
    assertThat(limit()).isEqualTo("100.00 \"1\"");
  }

  @Test
  void thePendingRowAloneIsEnoughForTheSweeperToFindIt() {
    var change = aChange("250", null);
    owner().reserve(change, "lra", new ActionId(world.openActionOf(change.id().toString())));
    service.database.sql().sql("delete from open_change").update();
    ripen();
    await()
        .atMost(SOON)
        .until(() -> count("select count(*) from limit_change where state = 'pending'") == 0);
    assertThat(world.copyOf(change.id().toString())).isEqualTo("refused");
    assertThat(change("\"1\"", "300").status()).isEqualTo(200);
  }

  @Test
  void withoutItsDatabaseNothingIsReservedAndThatIsSaid() {
    service.database.goAway();
    try {
      // a statement that was sent on a connection that broke is "outcome-unknown"
      await().atMost(SOON).until(() -> change("\"1\"", "250").code().equals("part-away"));
    } finally {
      service.database.comeBack();
    }
    await().atMost(SOON).ignoreExceptions().until(() -> service.get(customer).status() == 200);
    assertThat(change("\"1\"", "300").status()).isEqualTo(200);
  }

  @Test
  void anActionWhoseTimeWasUpIsTakenBackThoughItIsUnknownByThen() {
    var change = aChange("250", null);
    var action = world.openActionOf(change.id().toString());
    owner().reserve(change, "lra", new ActionId(action));
    world.ends(action, false);
    awaitState(change.id(), "compensated");
    assertThat(anomalies()).doesNotContain(change.id().toString());
  }

  @Test
  void anActionWhoseInitiatorDiedAfterItsDecisionIsClosed() {
    var change = aChange("250", null);
    var action = world.openActionOf(change.id().toString());
    owner().reserve(change, "lra", new ActionId(action));
    assertThat(owner().decideToClose(change.id())).isTrue();
    awaitState(change.id(), "applied");
    assertThat(world.copyOf(change.id().toString())).isEqualTo("applied");
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @Test
  void anActionWhoseInitiatorDiedBeforeItsReplyHasEndedOnBothSides() {
    var change = aChange("250", null);
    var action = world.openActionOf(change.id().toString());
    owner().reserve(change, "lra", new ActionId(action));
    owner().decideToClose(change.id());
    world.ends(action, true);
    awaitState(change.id(), "applied");
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @Test
  void whoWasTakenForDeadDoesNotClose() {
    world.on(
        "work",
        call -> {
          var done = call.goOn();
          var change = new ChangeId(UUID.fromString(newestChange()));
          owner().decideToCancel(change, new Refusal(Reason.ROLLED_BACK, "It took too long."));
          return done;
        });
    var refused = change("\"1\"", "250");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("rolled-back");
    assertThat(world.calls()).containsExactly("start", "work", "cancel");
  }

  @Test
  void ofTwoDecisionsTheFirstStands() {
    var change = aChange("250", null);
    owner().reserve(change, "lra", new ActionId(world.openActionOf(change.id().toString())));
    assertThat(owner().decideToClose(change.id())).isTrue();
    assertThat(
            owner().decideToCancel(change.id(), new Refusal(Reason.ROLLED_BACK, "Changed my mind")))
        .isFalse();
    assertThat(decisions(change.id().toString())).containsExactly("close");
  }

  @Test
  void anActionThatTheCoordinatorHasForgottenIsTakenBackOnBothSidesAndToldOf() {
    world.on("close", call -> null);
    var open = change("\"1\"", "250");
    world.forgetsAll();
    world.heal("close");
    awaitState(open, "compensated");
    assertThat(world.calls()).contains("compensate");
    assertThat(world.copyOf(changeOf(open))).isEqualTo("refused");
    assertThat(anomalies()).contains(changeOf(open));
  }

  @ParameterizedTest
  @CsvSource({"FailedToClose, refused, compensated", "FailedToClose, applied, applied"})
  void aFailedEndFollowsWhatOrderServiceDidAndAContradictionIsToldOf(
      String status, String copy, String state) {
    double before = anomalyCount();
    world.on(
        "close",
        call -> {
          world.copySays(newestChange(), copy);
          return new Reply(200, status);
        });
    var answer = change("\"1\"", "250");
    awaitState(answer, state);
    assertThat(anomalies().contains(changeOf(answer))).isEqualTo(state.equals("compensated"));
    assertThat(anomalyCount() - before).isEqualTo(state.equals("compensated") ? 1 : 0);
  }

  @Test
  void aCopyThatLostWhatItHeldIsToldOf() {
    world.on("close", call -> new Reply(404, ""));
    world.on(
        "work",
        call -> {
          call.goOn();
          world.copySays(newestChange(), "unknown");
          return new Reply(200, "{}");
        });
    var refused = change("\"1\"", "250");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(anomalies()).contains(changeOf(refused));
  }

  @Test
  void theDatabaseMayBeAwayAtTheEndAndTheChangeIsFoundCommitted() {
    world.on(
        "close",
        call -> {
          world.heal("close");
          var done = call.goOn();
          service.database.goAway();
          return done;
        });
    var unknown = change("\"1\"", "250");
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(unknown.code()).isEqualTo("outcome-unknown");
    service.database.comeBack();
    await().atMost(SOON).ignoreExceptions().until(() -> service.get(customer).status() == 200);
    awaitState(unknown, "applied");
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @Test
  void aKeyWhoseReplyWasLostGivesTheTrueAnswerLater() {
    world.on(
        "close",
        call -> {
          call.goOn();
          return null;
        });
    var key = UUID.randomUUID().toString();
    assertThat(change("\"1\"", "250", "Idempotency-Key", key).status()).isEqualTo(202);
    world.heal("close");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              ripen();
              assertThat(change("\"1\"", "250", "Idempotency-Key", key).status()).isEqualTo(200);
            });
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lra", "xa", "besteffort"})
  void aChangeThatHasWaitedForTheRowMeetsTheActionThatWasOpenedMeanwhile(String mode)
      throws Exception {
    var first = aChange("250", null);
    var action = world.openActionOf(first.id().toString());
    var outcome =
        whileLocked(
            () -> owner().reserve(first, "lra", new ActionId(action)), () -> carryOut(mode, "7"));
    assertRefused(outcome, Reason.CHANGE_IN_PROGRESS);
    assertThat(limit()).isEqualTo("100.00 \"1\"");
  }

  @Test
  void aReservationThatHasWaitedForTheRowSeesTheVersionThatCameMeanwhile() throws Exception {
    var other = aChange("150", null);
    var refused =
        whileLocked(
            () -> service.bean(dev.tandem.mode.LimitOwner.class).apply(other, "lra"),
            () -> modes().byName("lra").carryOut(aChange("250", 1L)));
    assertRefused(refused, Reason.STALE_VERSION);
    assertThat(limit()).isEqualTo("150.00 \"2\"");
  }

  @Test
  void severalWhoEndTheSameActionEndItOnce() {
    var change = aChange("250", null);
    owner().reserve(change, "lra", new ActionId(world.openActionOf(change.id().toString())));
    owner().decideToClose(change.id());
    var outcomes =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> modes().byName("lra").outcomeOf(change.id())))
            .limit(4)
            .toList();
    assertThat(outcomes.stream().map(CompletableFuture::join))
        .allMatch(one -> one.equals(new Outcome.Applied(change.id(), 2, true)));
    assertThat(limit()).isEqualTo("250.00 \"2\"");
  }

  /** Does the second thing while the first one is done and not committed; it must wait for it. */
  private Outcome whileLocked(Runnable first, java.util.function.Supplier<Outcome> second)
      throws Exception {
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
    done.await();
    var waiting = CompletableFuture.supplyAsync(second);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                count(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and"
                            + " usename = 'customer_service'")
                    > 0);
    go.countDown();
    holding.get();
    return waiting.get();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private Answer change(String ifMatch, String amount, String... headers) {
    return change(service, ifMatch, amount, headers);
  }

  private Answer change(Service instance, String ifMatch, String amount, String... headers) {
    var all = Stream.concat(Stream.of("If-Match", ifMatch), Stream.of(headers));
    return instance.put(
        customer + "/creditlimit", "{\"amount\":" + amount + "}", all.toArray(String[]::new));
  }

  private CreditLimitChange aChange(String limit, Long expected) {
    return new CreditLimitChange(
        ChangeId.random(),
        new CustomerId(UUID.fromString(customer.substring(customer.lastIndexOf('/') + 1))),
        Kind.CHANGE,
        CreditLimit.of(limit),
        null,
        expected,
        Instant.parse("2026-11-22T10:00:00Z"));
  }

  private Outcome carryOut(String mode, String limit) {
    putInForce(mode);
    return modes().byName(mode).carryOut(aChange(limit, null));
  }

  /** Without asking whether an action is open, as a change of the mode would. */
  private static void putInForce(String mode) {
    service.database.sql().sql("update consistency_mode set mode = ?").param(mode).update();
  }

  private static ModeInForce modes() {
    return service.bean(ModeInForce.class);
  }

  private static TentativeOwner owner() {
    return service.bean(TentativeOwner.class);
  }

  private static Reply veto() {
    return new Reply(409, "{\"code\":\"below-exposure\",\"detail\":\"too low\",\"status\":409}");
  }

  private static void assertRefused(Outcome outcome, Reason reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
  }

  private static void awaitState(Answer answer, String state) {
    awaitState(new ChangeId(UUID.fromString(changeOf(answer))), state);
  }

  private static void awaitState(ChangeId change, String state) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              ripen();
              assertThat(service.get("/limit-changes/" + change).body().path("state").asString())
                  .isEqualTo(state);
            });
  }

  /** Lets the time pass after which no request can be working on an open change any more. */
  private static void ripen() {
    var sql = service.database.sql();
    sql.sql("update open_change set opened_at = opened_at - interval '1 min'").update();
    sql.sql(
            "update limit_change set pending_since = pending_since - interval '1 min'"
                + " where state = 'pending'")
        .update();
  }

  private static long count(String sql) {
    return service.database.sql().sql(sql).query(Long.class).single();
  }

  private String limit() {
    var now = service.get(customer);
    return now.body().path("creditLimit").path("amount").asString() + " " + now.header("ETag");
  }

  private List<String> historyStates() {
    return service
        .get(customer + "/creditlimit/history")
        .body()
        .path("items")
        .valueStream()
        .map(one -> one.path("state").asString())
        .toList();
  }

  private static Answer limitChange(Answer answer) {
    return service.get("/limit-changes/" + changeOf(answer));
  }

  private static String changeOf(Answer answer) {
    return answer.body().path("changeId").asString();
  }

  private static String newestChange() {
    return service
        .database
        .sql()
        .sql("select change_id::text from limit_change order by change_number desc limit 1")
        .query(String.class)
        .single();
  }

  private static List<String> decisions(String change) {
    return service
        .database
        .sql()
        .sql("select decision from limit_change where change_id = ?::uuid")
        .param(change)
        .query((row, number) -> row.getString(1))
        .list();
  }

  private static List<String> anomalies() {
    return service
        .internal("/internal/anomalies", "Authorization", LraWorld.TOKEN)
        .body()
        .path("anomalies")
        .valueStream()
        .map(one -> one.path("changeId").asString())
        .toList();
  }

  private static double anomalyCount() {
    var counter =
        service
            .bean(MeterRegistry.class)
            .find("tandem.change.anomaly")
            .tag("mode", "lra")
            .counter();
    return counter == null ? 0 : counter.count();
  }
}
