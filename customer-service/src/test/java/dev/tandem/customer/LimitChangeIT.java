package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import dev.tandem.mode.ModeListener;
import dev.tandem.mode.Refusal.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningService.class)
class LimitChangeIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Service service;

  LimitChangeIT(Service service) {
    this.service = service;
  }

  private Answer change(String customer, String ifMatch, String amount) {
    return service.put(
        customer + "/creditlimit", "{\"amount\":" + amount + "}", "If-Match", ifMatch);
  }

  private static String changeId(Answer answer) {
    return answer.body().path("changeId").asString();
  }

  private Answer limitChange(Answer answer) {
    return service.get("/limit-changes/" + changeId(answer));
  }

  @Test
  void aChangeCountsTheVersionUp() {
    var customer = service.customer("100");

    var changed = change(customer, "\"1\"", "\"250.5\"");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.header("Consistency-Mode")).isEqualTo("stage");
    assertThat(changed.header("Consistency-State")).isEqualTo("committed");
    assertThat(changed.body().path("creditLimit").path("amount").asString()).isEqualTo("250.50");
    assertThat(changed.body().path("version").asLong()).isEqualTo(2);
    assertThat(changed.body().path("state").asString()).isEqualTo("applied");
    assertThat("/customers/" + changed.body().path("customerId").asString()).isEqualTo(customer);
    assertThat(service.get(customer).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void withoutIfMatchNothingChanges() {
    var customer = service.customer("100");
    var answer = service.put(customer + "/creditlimit", "{\"amount\":1}");
    assertThat(answer.status()).isEqualTo(428);
    assertThat(answer.code()).isEqualTo("precondition-required");
    assertThat(service.get(customer).header("ETag")).isEqualTo("\"1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"1\"|200",
        "*|200",
        " * |200",
        "\"7\", \"1\"|200",
        "\"abc\" ,, \"1\"|200",
        "W/\"2\",\"1\"|200",
        "\"7\"|412",
        "\"0\"|412",
        "\"\"|412",
        "\"abc\"|412",
        "W/\"1\"|412",
        "\"7\",\"8\"|412",
        "\"99999999999999999999999\"|412",
        "1|400",
        "\"1|400",
        "\"1\" \"2\"|400",
        "w/\"1\"|400",
        "*, \"1\"|400",
        ",|400",
      })
  void ifMatchIsReadAsRfc9110Says(String ifMatch, int status) {
    var customer = service.customer("100");

    var answer = change(customer, ifMatch, "1");

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    if (status == 412) {
      assertThat(answer.code()).isEqualTo("stale-version");
      assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    }
    if (status == 400) {
      assertThat(answer.field()).isEqualTo("If-Match");
    }
    assertThat(service.get(customer).header("ETag")).isEqualTo(status == 200 ? "\"2\"" : "\"1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|amount",
        "{\"amount\":-1}|amount",
        "{\"amount\":1.001}|amount",
        "{\"amount\":1,\"version\":2}|version",
        "{\"amount\":1,\"currency\":\"USD\"}|currency",
      })
  void aWrongFieldIsNamed(String body, String field) {
    var customer = service.customer("100");
    var answer = service.put(customer + "/creditlimit", body, "If-Match", "*");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.field()).isEqualTo(field);
  }

  @Test
  void anUnknownCustomerHasNoLimitToChange() {
    var nobody = "/customers/" + UUID.randomUUID();
    assertThat(change(nobody, "\"1\"", "1").status()).isEqualTo(404);
    assertThat(change(nobody, "*", "1").status()).isEqualTo(404);
    assertThat(change(nobody, "\"1\",\"2\"", "1").status()).isEqualTo(404);
    assertThat(service.get(nobody + "/creditlimit/history").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "BELOW_EXPOSURE,409,false",
    "CHANGE_IN_PROGRESS,409,true",
    "PART_AWAY,503,true",
    "ROLLED_BACK,503,true"
  })
  void aRefusalSaysWhetherToTryAgain(Reason reason, int status, boolean retryable) {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.refuses(reason);

    var answer = change(customer, "*", "1");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(reason.code());
    assertThat(answer.body().path("retryable").asBoolean()).isEqualTo(retryable);
    assertThat(answer.header("Retry-After")).isEqualTo(retryable ? "1" : "");
  }

  @Test
  void theHistoryShowsWhatWasAppliedAndWhatWasVetoed() {
    var customer = service.customer("100");
    change(customer, "*", "200");
    service.mode.behaviour = ModeOnStage.refuses(Reason.BELOW_EXPOSURE);
    var vetoed = change(customer, "*", "1");
    service.mode.reset();
    change(customer, "*", "300");

    var entries = new ArrayList<String>();
    var path = customer + "/creditlimit/history?limit=3";
    while (path != null) {
      var page = service.get(path).body();
      for (var item : page.path("items")) {
        entries.add(
            item.path("kind").asString()
                + " "
                + item.path("state").asString()
                + " "
                + item.path("creditLimit").path("amount").asString()
                + " "
                + item.path("version").asLong(0)
                + " "
                + item.path("reason").asString("")
                + " "
                + item.path("mode").asString());
        assertThat(item.has("requestedAt")).isTrue();
        assertThat(item.has("recordedAt")).isTrue();
      }
      path =
          page.has("next")
              ? customer + "/creditlimit/history?limit=3&cursor=" + page.path("next").asString()
              : null;
    }

    assertThat(entries)
        .containsExactly(
            "create applied 100.00 1  stage",
            "change applied 200.00 2  stage",
            "change refused 1.00 0 below-exposure stage",
            "change applied 300.00 3  stage");
    assertThat(limitChange(vetoed).body().path("state").asString()).isEqualTo("refused");
  }

  @Test
  void aChangeTellsItsSteps() {
    var changed = change(service.customer("100"), "*", "1");
    assertThat(steps(limitChange(changed))).containsExactly("requested", "applied-by-owner");

    service.copySays.put(changeId(changed), "applied");
    var told = limitChange(changed);
    assertThat(steps(told)).containsExactly("requested", "applied-by-owner", "taken-by-copy");
    assertThat(told.header("Consistency-State")).isEqualTo("committed");
    assertThat(told.header("Consistency-Mode")).isEqualTo("stage");
  }

  @Test
  void aChangeIsAppliedOnlyOnceTheCopySaysSo() {
    var changed = change(service.customer("100"), "*", "1");
    assertTold(changed, "decided", "pending");

    service.copySays.put(changeId(changed), "away");
    assertTold(changed, "decided", "pending");
    assertThat(limitChange(changed).body().path("note").asString()).contains("order-service");

    service.copySays.put(changeId(changed), "in-doubt");
    assertTold(changed, "decided", "pending");

    service.copySays.put(changeId(changed), "refused");
    assertTold(changed, "unknown", "pending");
    assertThat(limitChange(changed).body().path("detail").asString()).contains("order-service");

    service.copySays.put(changeId(changed), "applied");
    assertTold(changed, "applied", "committed");
  }

  private void assertTold(Answer changed, String state, String header) {
    var told = limitChange(changed);
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.body().path("state").asString()).isEqualTo(state);
    assertThat(told.header("Consistency-State")).isEqualTo(header);
  }

  private static List<String> steps(Answer answer) {
    var steps = new ArrayList<String>();
    answer.body().path("steps").forEach(step -> steps.add(step.path("step").asString()));
    return steps;
  }

  @Test
  void anUnknownChangeIsNotFoundAndLeavesNoTombstone() {
    var id = UUID.randomUUID();
    assertThat(service.get("/limit-changes/" + id).status()).isEqualTo(404);
    assertThat(service.mode.asked).isEmpty();
    assertThat(
            service
                .database
                .sql()
                .sql("select count(*) from limit_change where change_id = ?")
                .param(id)
                .query(Long.class)
                .single())
        .isZero();
  }

  /** customer-db went away after the commit was sent, and before anything could be noted. */
  @Test
  void aChangeThatOnlyAPreparedBranchKnowsIsUnderWay() {
    var id = UUID.randomUUID();
    var branch = "xa1:tandem1:1:" + id;
    service.database.inOneSession("begin", "prepare transaction '" + branch + "'");
    try {
      var told = service.get("/limit-changes/" + id);
      assertThat(told.status()).isEqualTo(200);
      assertThat(told.body().path("state").asString()).isEqualTo("under-way");
      assertThat(told.header("Consistency-State")).isEqualTo("pending");
      assertThat(service.mode.asked).isEmpty();
    } finally {
      service.database.inOneSession("rollback prepared '" + branch + "'");
    }
    assertThat(service.get("/limit-changes/" + id).status()).isEqualTo(404);
  }

  @Test
  void anOpenChangeOfAModeThatIsNotEnabledEndsAsItsRowSays() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.leavesItOpen();
    var refused = change(customer, "*", "1");
    service.mode.reset();
    service.mode.copyConfirms = false;
    var applied = change(customer, "*", "1");
    var sql = service.database.sql();
    sql.sql("update open_change set mode = 'gone' where change_id in (?, ?)")
        .params(UUID.fromString(changeId(refused)), UUID.fromString(changeId(applied)))
        .update();
    sql.sql("update limit_change set mode = 'gone' where change_id = ?")
        .param(UUID.fromString(changeId(applied)))
        .update();
    sql.sql(
            "insert into limit_change (change_id, state, reason) values (?, 'refused', 'rolled-back')")
        .param(UUID.fromString(changeId(refused)))
        .update();
    growOld(refused);
    growOld(applied);

    await().atMost(SOON).until(() -> openRows(refused) == 0);
    assertThat(limitChange(refused).body().path("state").asString()).isEqualTo("refused");
    assertTold(applied, "decided", "pending");
    assertThat(openRows(applied)).isEqualTo(1);
    service.copySays.put(changeId(applied), "applied");
    await().atMost(SOON).until(() -> openRows(applied) == 0);
    assertTold(applied, "applied", "committed");
  }

  @Test
  void manyOpenChangesThatNeverEndDoNotHoldUpTheNextOne() {
    var customer = service.customer("100");
    var sql = service.database.sql();
    sql.sql(
            """
            insert into open_change (change_id, customer_id, kind, mode, credit_limit, opened_at)
            select gen_random_uuid(), gen_random_uuid(), 'change', 'gone', 1, now() - interval '1 h'
              from generate_series(1, 300)
            """)
        .update();
    try {
      service.mode.behaviour = ModeOnStage.leavesItOpen();
      var open = change(customer, "*", "1");
      growOld(open);
      await().atMost(SOON).until(() -> openRows(open) == 0);
    } finally {
      sql.sql("delete from open_change where mode = 'gone'").update();
    }
  }

  @Test
  void anOpenChangeThatNobodyCommittedIsRefusedByTheSweeper() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.leavesItOpen();

    var open = change(customer, "*", "1");

    assertThat(open.status()).isEqualTo(202);
    assertThat(open.header("Location")).isEqualTo("/limit-changes/" + changeId(open));
    assertThat(open.header("Consistency-State")).isEqualTo("pending");
    var young = limitChange(open);
    assertThat(young.body().path("state").asString()).isEqualTo("under-way");
    assertThat(young.header("Consistency-State")).isEqualTo("pending");
    assertThat(service.mode.asked).as("nobody asks while it may still run").isEmpty();

    await().atMost(SOON).until(() -> openRows(open) == 0);
    var ended = limitChange(open);
    assertThat(ended.body().path("state").asString()).isEqualTo("refused");
    assertThat(ended.body().path("reason").asString()).isEqualTo("rolled-back");
    assertThat("/customers/" + ended.body().path("customerId").asString()).isEqualTo(customer);
    assertThat(ended.body().path("creditLimit").path("amount").asString()).isEqualTo("1.00");
    assertThat(ended.body().has("mode")).isTrue();
    assertThat(ended.body().has("requestedAt")).isTrue();
  }

  @Test
  void anOpenChangeThatTheCoordinatorHasRolledBackIsClosedToo() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.leavesItOpen();
    var open = change(customer, "*", "1");
    service
        .database
        .sql()
        .sql(
            """
            insert into limit_change (change_id, state, reason, detail)
            values (?, 'refused', 'rolled-back', 'by the rollback verb')
            """)
        .param(UUID.fromString(changeId(open)))
        .update();

    await().atMost(SOON).until(() -> openRows(open) == 0);

    var ended = limitChange(open);
    assertThat(ended.body().path("state").asString()).isEqualTo("refused");
    assertThat("/customers/" + ended.body().path("customerId").asString()).isEqualTo(customer);
  }

  @Test
  void aDecidedChangeIsPendingUntilTheCopyHasConfirmed() {
    var customer = service.customer("100");
    service.mode.copyConfirms = false;

    var decided = change(customer, "*", "1");

    assertThat(decided.status()).isEqualTo(202);
    assertThat(decided.body().path("state").asString()).isEqualTo("decided");
    growOld(decided);
    assertThat(limitChange(decided).body().path("state").asString()).isEqualTo("decided");
    assertThat(openRows(decided)).isEqualTo(1);
    service.mode.copyConfirms = true;
    await().atMost(SOON).until(() -> openRows(decided) == 0);
    service.copySays.put(changeId(decided), "applied");
    assertThat(limitChange(decided).body().path("state").asString()).isEqualTo("applied");
    assertThat(limitChange(decided).header("Consistency-State")).isEqualTo("committed");
  }

  @Test
  void anUnknownOutcomeIsNotSoldAsNothingDone() {
    var customer = service.customer("100");
    service.mode.behaviour = ModeOnStage.losesSight();
    service.mode.reachable = false;

    var answer = change(customer, "*", "1");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("outcome-unknown");
    assertThat(answer.body().path("retryable").asBoolean()).isFalse();
    assertThat(answer.header("Location")).isEqualTo("/limit-changes/" + changeId(answer));
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    growOld(answer);
    var told = limitChange(answer);
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.body().path("state").asString()).isEqualTo("unknown");
    assertThat(told.body().path("detail").asString()).isEqualTo("Nobody answers.");
    service.mode.reachable = true;
    await().atMost(SOON).until(() -> openRows(answer) == 0);
  }

  private long openRows(Answer answer) {
    return service
        .database
        .sql()
        .sql("select count(*) from open_change where change_id = ?")
        .param(UUID.fromString(changeId(answer)))
        .query(Long.class)
        .single();
  }

  private void growOld(Answer answer) {
    service
        .database
        .sql()
        .sql("update open_change set opened_at = opened_at - interval '1 min' where change_id = ?")
        .param(UUID.fromString(changeId(answer)))
        .update();
  }

  @Test
  void sixteenClientsOnFourCustomersMeetNoFailure() {
    var customers = IntStream.range(0, 4).mapToObj(i -> service.customer("100")).toList();

    var clients =
        IntStream.range(0, 16)
            .mapToObj(
                client ->
                    CompletableFuture.supplyAsync(
                        () ->
                            IntStream.range(0, 20)
                                .mapToObj(i -> change(customers.get(client % 4), "*", "" + i))
                                .map(Answer::status)
                                .toList(),
                        task -> new Thread(task).start()))
            .toList();
    var statuses = clients.stream().flatMap(client -> client.join().stream()).toList();

    assertThat(statuses).hasSize(320).allMatch(status -> status == 200 || status == 409);
    long applied = statuses.stream().filter(status -> status == 200).count();
    var versions =
        customers.stream()
            .mapToLong(path -> service.get(path).body().path("version").asLong() - 1)
            .sum();
    assertThat(versions).as("each change counted once").isEqualTo(applied);
  }

  @Test
  void aLimitThatIsHeldForLongDoesNotTakeTheServiceWithIt() {
    var held = service.customer("100");
    var other = service.customer("100");
    var latch = new CountDownLatch(1);
    service.mode.carried.set(0);
    service.mode.behaviour = service.mode.waitsFor(latch);
    var first = CompletableFuture.supplyAsync(() -> change(held, "*", "1"));
    try {
      await().until(() -> service.mode.carried.get() == 1);
      service.mode.behaviour = service.mode::commits;
      var rest =
          IntStream.range(0, 30)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> change(held, "*", "2"), task -> new Thread(task).start()))
              .toList();
      assertThat(rest)
          .allSatisfy(
              each -> {
                assertThat(each.join().status()).isEqualTo(409);
                assertThat(each.join().code()).isEqualTo("change-in-progress");
                assertThat(each.join().header("Retry-After")).isEqualTo("1");
              });
      assertThat(change(other, "*", "2").status()).isEqualTo(200);
    } finally {
      latch.countDown();
    }
    assertThat(first.join().status()).isEqualTo(200);
  }

  @Test
  void aRowThatIsLockedByABranchIsInProgressNotAFailure() {
    var customer = service.customer("100");
    var branch = "xa1:tandem1:1:" + UUID.randomUUID();
    var id = branch.substring(branch.lastIndexOf(':') + 1);
    service.database.inOneSession(
        "begin",
        "update customer set version = version where customer_id = '"
            + customer.replace("/customers/", "")
            + "'",
        "prepare transaction '" + branch + "'");
    try {
      var answer = change(customer, "*", "1");
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.code()).isEqualTo("change-in-progress");
      assertThat(service.get(customer).status()).isEqualTo(200);
      assertThat(
              service
                  .internal(
                      "/internal/limit-changes/" + id,
                      "Authorization",
                      "Bearer " + RunningService.TOKEN)
                  .body()
                  .path("state")
                  .asString())
          .isEqualTo("in-doubt");
    } finally {
      service.database.inOneSession("rollback prepared '" + branch + "'");
    }
    assertThat(change(customer, "*", "1").status()).isEqualTo(200);
  }

  @Test
  void theOtherPartsHearWhatThisSideKnows() {
    var customer = service.customer("100");
    var applied = change(customer, "*", "1");
    service.mode.behaviour = ModeOnStage.refuses(Reason.BELOW_EXPOSURE);
    var refused = change(customer, "*", "2");

    assertThat(ownKnowledge(changeId(applied))).isEqualTo("applied");
    assertThat(ownKnowledge(changeId(refused))).isEqualTo("refused");
    assertThat(ownKnowledge(UUID.randomUUID().toString())).isEqualTo("unknown");
    assertThat(service.internal("/internal/limit-changes/" + changeId(applied)).status())
        .isEqualTo(401);
    assertThat(
            service
                .get(
                    "/internal/limit-changes/" + changeId(applied),
                    "Authorization",
                    "Bearer " + RunningService.TOKEN)
                .status())
        .isEqualTo(404);
  }

  private String ownKnowledge(String changeId) {
    var answer =
        service.internal(
            "/internal/limit-changes/" + changeId,
            "Authorization",
            "Bearer " + RunningService.TOKEN);
    assertThat(answer.body().path("changeId").asString()).isEqualTo(changeId);
    return answer.body().path("state").asString();
  }

  @Test
  void aChangeThatAModeHasCarriedOutIsCountedOnceWithTheTimeItTook() {
    var refused =
        service
            .bean(MeterRegistry.class)
            .timer("tandem.change.ended", "mode", ModeOnStage.NAME, "outcome", "copy-ahead");
    var customer = service.customer("100");
    long before = refused.count();

    service.mode.behaviour = ModeOnStage.refuses(Reason.COPY_IS_AHEAD);
    change(customer, "*", "1");

    assertThat(refused.count()).isEqualTo(before + 1);
    assertThat(refused.totalTime(TimeUnit.NANOSECONDS)).isPositive();
  }

  @Test
  void whatTheRoomsReportIsCounted() {
    var audience = service.bean(dev.tandem.mode.Audience.class);
    var meters = service.bean(MeterRegistry.class);
    var change = dev.tandem.mode.ChangeId.random();

    audience.step(change, "counted", ModeListener.Step.ANOMALY, "a test");
    audience.ended(
        change,
        "counted",
        new dev.tandem.mode.Outcome.Applied(change, 1, true),
        Duration.ofMillis(5));

    assertThat(meters.get("tandem.change.anomaly").tag("mode", "counted").counter().count())
        .isEqualTo(1);
    assertThat(
            meters
                .get("tandem.change.ended")
                .tag("mode", "counted")
                .tag("outcome", "applied")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void withoutItsDatabaseTheServiceAnswers503AndRecovers(String method) {
    var customer = service.customer("100");
    var body =
        method.equals("PUT")
            ? "{\"amount\":1}"
            : "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":1}}";
    var path = method.equals("PUT") ? customer + "/creditlimit" : "/customers";
    var key = UUID.randomUUID().toString();
    service.database.goAway();
    try {
      for (var headers :
          List.of(List.of("If-Match", "*"), List.of("If-Match", "*", "Idempotency-Key", key))) {
        var answer =
            service.send(
                method,
                path,
                java.net.http.HttpRequest.BodyPublishers.ofString(body),
                headers.toArray(String[]::new));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(503);
        assertThat(answer.code()).isIn("part-away", "earlier-attempt-unknown");
        assertThat(answer.body().path("retryable").asBoolean()).isTrue();
        assertThat(answer.header("Retry-After")).isEqualTo("1");
      }
      assertThat(service.get(customer).status()).isEqualTo(503);
      assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(503);
      assertThat(service.get("/actuator/health/liveness").status()).isEqualTo(200);
    } finally {
      service.database.comeBack();
    }
    await().atMost(SOON).until(() -> service.get(customer).status() == 200);
    assertThat(change(customer, "\"1\"", "1").status()).isEqualTo(200);
  }
}
