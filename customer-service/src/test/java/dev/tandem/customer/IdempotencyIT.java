package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import dev.tandem.mode.Refusal.Reason;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningService.class)
class IdempotencyIT {

  private final Service service;
  private final String key = UUID.randomUUID().toString();

  IdempotencyIT(Service service) {
    this.service = service;
  }

  private Answer change(String customer, String ifMatch, String amount) {
    return service.put(
        customer + "/creditlimit",
        "{\"amount\":" + amount + "}",
        "If-Match",
        ifMatch,
        "Idempotency-Key",
        key);
  }

  private Answer create(String name) {
    return service.post(
        "/customers",
        "{\"name\":\"" + name + "\",\"creditLimit\":{\"amount\":10}}",
        "Idempotency-Key",
        key);
  }

  private String etag(String customer) {
    return service.get(customer).header("ETag");
  }

  @Test
  void theSameKeyGivesTheSameAnswerAndChangesOnce() {
    var customer = service.customer("100");

    var first = change(customer, "\"1\"", "200");
    var second = change(customer, "\"1\"", "\"200.00\"");

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("ETag")).isEqualTo("\"2\"");
    assertThat(second.header("Consistency-State")).isEqualTo("committed");
    assertThat(etag(customer)).isEqualTo("\"2\"");
    assertThat(service.mode.carried).hasValue(2); // with the creation
  }

  @Test
  void theSameAnswerIsGivenAlsoWhenTheLimitHasMovedOn() {
    var customer = service.customer("100");
    var first = change(customer, "\"1\", \"9\"", "200");
    service.put(customer + "/creditlimit", "{\"amount\":300}", "If-Match", "*");

    var second = change(customer, "\"1\", \"9\"", "200");

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("ETag")).isEqualTo("\"2\"");
    assertThat(etag(customer)).isEqualTo("\"3\"");
  }

  @Test
  void theSameKeyCreatesOneCustomer() {
    var first = create("Ada");
    var second = create("Ada");

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(service.mode.carried).hasValue(1);
  }

  @Test
  void aKeyOfAnotherRequestIsRefused() {
    var customer = service.customer("100");
    change(customer, "\"1\"", "200");

    for (var answer :
        new Answer[] {
          change(customer, "\"1\"", "201"),
          change(customer, "\"2\"", "200"),
          change(service.customer("100"), "\"1\"", "200"),
          create("Ada")
        }) {
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.code()).isEqualTo("idempotency-key-reused");
    }
    assertThat(etag(customer)).isEqualTo("\"2\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\tb", ""})
  void aKeyIsVisibleAscii(String badKey) {
    var answer =
        service.post(
            "/customers",
            "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":10}}",
            "Idempotency-Key",
            badKey);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.field()).isEqualTo("Idempotency-Key");
  }

  @Test
  void aKeyHasAtMostTwoHundredCharacters() {
    var body = "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":10}}";
    var longest = key + "k".repeat(200 - key.length());
    assertThat(service.post("/customers", body, "Idempotency-Key", longest).status())
        .isEqualTo(201);
    assertThat(service.post("/customers", body, "Idempotency-Key", longest + "k").status())
        .isEqualTo(400);
  }

  @Test
  void aVerdictIsRepeated() {
    var customer = service.customer("100");
    var stale = change(customer, "\"7\"", "200");
    service.put(customer + "/creditlimit", "{\"amount\":300}", "If-Match", "*");

    var again = change(customer, "\"7\"", "200");

    assertThat(stale.status()).isEqualTo(412);
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.body()).isEqualTo(stale.body());
    assertThat(again.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void aVetoIsRepeatedEvenIfItWouldNotBeSpokenAgain() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.refuses(Reason.BELOW_EXPOSURE);
    var veto = change(customer, "*", "1");
    service.mode.reset();

    var again = change(customer, "*", "1");

    assertThat(veto.status()).isEqualTo(409);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body()).isEqualTo(veto.body());
    assertThat(service.mode.carried).hasValue(0);
  }

  @Test
  void anUnknownCustomerStaysUnknown() {
    var nobody = "/customers/" + UUID.randomUUID();
    assertThat(change(nobody, "*", "1").status()).isEqualTo(404);
    assertThat(change(nobody, "*", "1").code()).isEqualTo("unknown-customer");
    assertThat(service.mode.carried).hasValue(1);
  }

  @Test
  void afterARetryableRefusalTheSameKeyTriesAgainAsANewChange() {
    service.mode.behaviour = ModeOnStage.refuses(Reason.PART_AWAY);
    var refused = create("Ada");
    service.mode.reset();

    var created = create("Ada");
    var again = create("Ada");

    assertThat(refused.status()).isEqualTo(503);
    assertThat(created.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(created.body());
    assertThat(service.mode.carried).hasValue(1);
  }

  @Test
  void theSameKeyAtOnceMakesOneChange() {
    var customer = service.customer("100");
    service.mode.carried.set(0);
    var answers =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> change(customer, "*", "200"), task -> new Thread(task).start()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
    assertThat(service.mode.carried).hasValue(1);
    assertThat(etag(customer)).isEqualTo("\"2\"");
  }

  @Test
  void retriesAtOnceAfterARetryableRefusalMakeOneChangeToo() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.refuses(Reason.ROLLED_BACK);
    assertThat(change(customer, "*", "200").status()).isEqualTo(503);
    service.mode.reset();

    var answers =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> change(customer, "*", "200"), task -> new Thread(task).start()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(service.mode.carried).hasValue(1);
    assertThat(etag(customer)).isEqualTo("\"2\"");
  }

  @Test
  void aRepeatWhileTheFirstIsUnderWayIsTheSameChange() {
    var customer = service.customer("100");
    var latch = new CountDownLatch(1);
    service.mode.behaviour = service.mode.waitsFor(latch);
    service.mode.carried.set(0);
    var first = CompletableFuture.supplyAsync(() -> change(customer, "*", "200"));
    try {
      await().until(() -> service.mode.carried.get() == 1);
      var second = change(customer, "*", "200");
      assertThat(second.status()).isEqualTo(202);
      assertThat(second.header("Consistency-State")).isEqualTo("pending");
      var told = service.get(second.header("Location"));
      assertThat(told.body().path("state").asString()).isEqualTo("under-way");
    } finally {
      latch.countDown();
    }
    assertThat(first.join().status()).isEqualTo(200);
    assertThat(change(customer, "*", "200").body()).isEqualTo(first.join().body());
    assertThat(service.mode.carried).hasValue(1);
  }

  @Test
  void aRepeatWithoutTheDatabaseDoesNotDenyWhatTheFirstMayHaveDone() {
    var customer = service.customer("100");
    var first = change(customer, "*", "200");
    service.database.goAway();
    try {
      var again = change(customer, "*", "200");
      assertThat(again.status()).isEqualTo(503);
      assertThat(again.code()).isEqualTo("earlier-attempt-unknown");
      assertThat(again.body().path("retryable").asBoolean()).isTrue();
      assertThat(again.header("Retry-After")).isEqualTo("1");
      assertThat(again.body().path("detail").asString()).doesNotContain("Nothing was changed");
    } finally {
      service.database.comeBack();
    }
    await().until(() -> service.get(customer).status() == 200);
    assertThat(change(customer, "*", "200").body()).isEqualTo(first.body());
    assertThat(etag(customer)).isEqualTo("\"2\"");
  }

  /** One side has applied the change, the other has refused it: no request can mend that. */
  @Test
  void aKeyOfATornChangeIsNeitherTriedAgainNorClosed() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.losesSight();
    service.mode.reachable = false;
    var torn = change(customer, "*", "200");
    var id = UUID.fromString(torn.body().path("changeId").asString());
    service
        .database
        .sql()
        .sql(
            "insert into limit_change (change_id, state, reason, detail)"
                + " values (?, 'refused', 'rolled-back', 'lost')")
        .param(id)
        .update();
    service.mode.carried.set(0);
    growOld(torn);
    await().until(() -> service.mode.asked.size() >= 2); // the sweeper

    var again = change(customer, "*", "200");

    assertThat(again.status()).isEqualTo(503);
    assertThat(again.code()).isEqualTo("outcome-unknown");
    assertThat(service.mode.carried).hasValue(0);
    assertThat(service.get(torn.header("Location")).body().path("state").asString())
        .isEqualTo("unknown");
    service.database.sql().sql("delete from open_change where change_id = ?").param(id).update();
  }

  /** A process that died between its key row and the work left the key, and an open change. */
  @Test
  void aKeyWhoseWorkDiedIsEndedFirstAndThenTriedAgain() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.leavesItOpen();
    var died = change(customer, "*", "200");
    service.mode.reset();
    growOld(died);

    var again = change(customer, "*", "200");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("changeId")).isNotEqualTo(died.body().path("changeId"));
    assertThat(etag(customer)).isEqualTo("\"2\"");
    assertThat(service.get(died.header("Location")).body().path("state").asString())
        .isEqualTo("refused");
  }

  /** A process that died after the commit and before its answer left an open change as well. */
  @Test
  void aKeyWhoseWorkWasDoneIsNotDoneTwice() {
    var customer = service.customer("100");
    service.mode.copyConfirms = false;
    var open = change(customer, "*", "200");
    assertThat(open.status()).isEqualTo(202);
    service.mode.reset();
    growOld(open);

    var again = change(customer, "*", "200");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("changeId")).isEqualTo(open.body().path("changeId"));
    assertThat(etag(customer)).isEqualTo("\"2\"");
    assertThat(service.mode.carried).hasValue(0);
  }

  private void growOld(Answer answer) {
    service
        .database
        .sql()
        .sql("update open_change set opened_at = opened_at - interval '1 min' where change_id = ?")
        .param(UUID.fromString(answer.body().path("changeId").asString()))
        .update();
  }
}
