package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a client of the mode event sees, while the broker is away the whole time. */
class EventIT {

  private static Service service;

  @BeforeAll
  static void start() {
    service =
        new Service(
            Map.of(
                "tandem.consistency.mode", "event",
                "tandem.consistency.enabled", "event,stage",
                "tandem.event.broker.url", "tcp://127.0.0.1:" + CustomerDatabase.freePort()));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aChangeIsAnsweredAsDoneAndPendingAtTheCopy() {
    var path = service.customer("5.00");
    var answer = put(path, "7.00", "\"1\"");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    assertThat(answer.header("Consistency-Mode")).isEqualTo("event");
    assertThat(answer.header("Consistency-State")).isEqualTo("pending");
    assertThat(answer.header("Retry-After")).isEmpty();
    assertThat(answer.body().path("state").asString()).isEqualTo("decided");
    assertThat(service.get(path).body().path("creditLimit").path("amount").asString())
        .isEqualTo("7.00");
  }

  @Test
  void aNewCustomerIsThereAtOnceAndPendingAtTheCopy() {
    var answer =
        service.post("/customers", "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"5.00\"}}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    assertThat(answer.header("Consistency-State")).isEqualTo("pending");
    assertThat(service.get(answer.header("Location")).status()).isEqualTo(200);
  }

  @Test
  void nobodyKeepsANoteOfIt() {
    var path = service.customer("5.00");
    put(path, "7.00", "\"1\"");
    put(path, "8.00", "\"2\"", "Idempotency-Key", UUID.randomUUID().toString());
    assertThat(count("open_change")).isZero();
  }

  @Test
  void theSameKeyGetsTheSameAnswerAndDoesNothingTwice() {
    var path = service.customer("5.00");
    var key = UUID.randomUUID().toString();
    var first = put(path, "7.00", "\"1\"", "Idempotency-Key", key);
    var second = put(path, "7.00", "\"1\"", "Idempotency-Key", key);
    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Consistency-State")).isEqualTo("pending");
    assertThat(second.header("ETag")).isEqualTo("\"2\"");
    assertThat(service.get(path).header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void itTurnsToCommittedWhenTheCopyHasTheVersion() {
    var change = changeOf(put(service.customer("5.00"), "7.00", "*"));
    assertState(change, "decided", "pending");
    service.copySays.put(change, "applied");
    assertState(change, "applied", "committed");
  }

  @Test
  void itTurnsToCommittedWhenTheCopyHasALaterVersion() {
    var change = changeOf(put(service.customer("5.00"), "7.00", "*"));
    service.copySays.put(change, "superseded");
    assertState(change, "applied", "committed");
  }

  @Test
  void itStaysPendingWhileTheCopyIsAway() {
    var change = changeOf(put(service.customer("5.00"), "7.00", "*"));
    service.copySays.put(change, "away");
    assertState(change, "decided", "pending");
  }

  @Test
  void theHistoryHasItWithItsMode() {
    var path = service.customer("5.00");
    put(path, "7.00", "*");
    var items = service.get(path + "/creditlimit/history").body().path("items");
    assertThat(items).hasSize(2);
    assertThat(items.path(1).path("mode").asString()).isEqualTo("event");
    assertThat(items.path(1).path("state").asString()).isEqualTo("applied");
  }

  @Test
  void itIsRefusedAsInTheOtherModes() {
    var path = service.customer("5.00");
    assertThat(put(path, "7.00", "\"9\"").code()).isEqualTo("stale-version");
    assertThat(put("/customers/" + UUID.randomUUID(), "7.00", "*").code())
        .isEqualTo("unknown-customer");
    assertThat(outbox(path)).isEqualTo(1);
  }

  @Test
  void theTraceOfTheRequestIsKept() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    var change = changeOf(put(service.customer("5.00"), "7.00", "*", "traceparent", trace));
    assertThat(
            service
                .database
                .sql()
                .sql("select traceparent from outbox where change_id = ?")
                .param(UUID.fromString(change))
                .query(String.class)
                .single())
        .isEqualTo(trace);
  }

  @Test
  void whatNobodyCommittedIsRefusedByTheQuestion() {
    var mode = service.bean(ModeInForce.class).byName("event");
    assertThat(mode.outcomeOf(ChangeId.random())).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whatWaitsIsShown() {
    service.customer("5.00");
    var answer =
        service.internal(
            "/internal/event/outbox", "Authorization", "Bearer " + RunningService.TOKEN);
    assertThat(answer.body().path("depth").asLong()).isPositive();
    assertThat(answer.body().path("broker").asString()).isEqualTo("away");
    assertThat(answer.body().path("relay").asString()).isEqualTo("nowhere");
    assertThat(service.internal("/internal/event/outbox").status()).isEqualTo(401);
    assertThat(service.get("/internal/event/outbox").status()).isEqualTo(404);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                service
                        .get("/actuator/metrics/tandem.event.outbox.depth")
                        .body()
                        .path("measurements")
                        .path(0)
                        .path("value")
                        .asDouble()
                    > 0);
    assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200);
    assertThat(service.get("/actuator/health").status()).isEqualTo(200);
  }

  private static Answer put(String path, String amount, String ifMatch, String... headers) {
    var all = new String[headers.length + 2];
    all[0] = "If-Match";
    all[1] = ifMatch;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return service.put(path + "/creditlimit", "{\"amount\":\"" + amount + "\"}", all);
  }

  private static String changeOf(Answer answer) {
    return answer.body().path("changeId").asString();
  }

  private static void assertState(String change, String state, String header) {
    var answer = service.get("/limit-changes/" + change);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("state").asString()).isEqualTo(state);
    assertThat(answer.header("Consistency-State")).isEqualTo(header);
    assertThat(answer.header("Consistency-Mode")).isEqualTo("event");
  }

  private static long count(String table) {
    return service.database.sql().sql("select count(*) from " + table).query(Long.class).single();
  }

  private static long outbox(String path) {
    return service
        .database
        .sql()
        .sql("select count(*) from outbox where customer_id = ?")
        .param(UUID.fromString(path.substring(path.lastIndexOf('/') + 1)))
        .query(Long.class)
        .single();
  }
}
