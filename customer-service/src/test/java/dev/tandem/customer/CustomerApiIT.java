package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningService.class)
class CustomerApiIT {

  private final Service service;

  CustomerApiIT(Service service) {
    this.service = service;
  }

  @Test
  void aNewCustomerIsFoundUnderItsLocation() {
    var created =
        service.post("/customers", "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"500.5\"}}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.header("Consistency-Mode")).isEqualTo("stage");
    assertThat(created.header("Consistency-State")).isEqualTo("committed");
    var found = service.get(created.header("Location"));
    assertThat(found.status()).isEqualTo(200);
    assertThat(found.header("ETag")).isEqualTo("\"1\"");
    assertThat(found.body()).isEqualTo(created.body());
    assertThat(found.body().path("name").asString()).isEqualTo("Ada");
    assertThat(found.body().path("version").asLong()).isEqualTo(1);
    assertThat(found.body().path("creditLimit").toString())
        .isEqualTo("{\"amount\":\"500.50\",\"currency\":\"EUR\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"creditLimit":{"amount":1}}                                 | name
          {"name":null,"creditLimit":{"amount":1}}                     | name
          {"name":" ","creditLimit":{"amount":1}}                      | name
          {"name":"a\\u0000b","creditLimit":{"amount":1}}              | name
          {"name":"a\\ud800b","creditLimit":{"amount":1}}              | name
          {"name":5,"creditLimit":{"amount":1}}                        | name
          {"name":"Ada"}                                               | creditLimit
          {"name":"Ada","creditLimit":5}                               | creditLimit
          {"name":"Ada","creditLimit":{}}                              | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":null}}                 | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":"much"}}               | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":""}}                   | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":"NaN"}}                | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":true}}                 | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":[1]}}                  | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":-0.01}}                | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":1.234}}                | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":123456789012345678901234567890}} | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":100000000000000000}}   | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":1e1000000000}}         | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":"1e1000000000"}}       | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":1e2147483647}}         | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":"1e2147483647"}}       | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":1e-1000000000}}        | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":"1e99999999999999"}}   | creditLimit.amount
          {"name":"Ada","creditLimit":{"amount":1,"currency":"USD"}}   | creditLimit.currency
          {"name":"Ada","creditLimit":{"amount":1,"extra":1}}          | creditLimit.extra
          {"name":"Ada","creditLimit":{"amount":1},"extra":1}          | extra
          """)
  void aWrongFieldIsNamed(String body, String field) {
    var answer = service.post("/customers", body);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("invalid-request");
    assertThat(answer.field()).isEqualTo(field);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(service.mode.carried).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "5", "{} {}", "{\"name\":\"a\",\"name\":\"b\"}"})
  void whatIsNoJsonObjectIsRefused(String body) {
    var answer = service.post("/customers", body);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.code()).isIn("malformed-json", "invalid-request");
  }

  @Test
  void aNameOfTwoHundredCharactersFitsAndOneMoreDoesNot() {
    var body = "{\"name\":\"%s\",\"creditLimit\":{\"amount\":0,\"currency\":\"EUR\"}}";
    assertThat(service.post("/customers", body.formatted("ü".repeat(200))).status()).isEqualTo(201);
    assertThat(service.post("/customers", body.formatted("ü".repeat(201))).field())
        .isEqualTo("name");
  }

  @Test
  void theLargestLimitFits() {
    var path = service.customer("99999999999999999.99");
    assertThat(service.get(path).body().path("creditLimit").path("amount").asString())
        .isEqualTo("99999999999999999.99");
  }

  @Test
  void bodiesOver64KiBAreRefusedWithAndWithoutALength() {
    var body = "{\"name\":\"" + "a".repeat(1_000_000) + "\",\"creditLimit\":{\"amount\":1}}";
    var chunked =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)));

    for (var publisher : java.util.List.of(BodyPublishers.ofString(body), chunked)) {
      var answer = service.send("POST", "/customers", publisher);
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.code()).isEqualTo("body-too-large");
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  @Test
  void wrongTypesMethodsAndPathsAreProblemsToo() {
    assertProblem(service.post("/customers", "name=Ada", "Content-Type", "text/plain"), 415);
    assertProblem(service.put("/customers", "{}"), 405);
    assertProblem(service.get("/nothing-here"), 404);
    assertProblem(service.get("/customers/not-a-uuid"), 400);
    assertProblem(service.get("/customers?limit=0"), 400);
    assertProblem(service.get("/customers?limit=501"), 400);
    assertProblem(service.get("/customers?limit=many"), 400);
    assertProblem(service.get("/customers?cursor=!!"), 400);
    var unknown = service.get("/customers/" + UUID.randomUUID());
    assertProblem(unknown, 404);
    assertThat(unknown.code()).isEqualTo("unknown-customer");
  }

  private static void assertProblem(Answer answer, int status) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.code()).isNotEmpty();
    assertThat(answer.body().path("instance").asString()).startsWith("/");
  }

  @Test
  void pagesShowEveryCustomerOnce() {
    var mine = new HashSet<String>();
    for (int i = 0; i < 5; i++) {
      mine.add(service.customer("1").replace("/customers/", ""));
    }
    var seen = new HashSet<String>();
    var path = "/customers?limit=2";
    while (path != null) {
      var page = service.get(path).body();
      assertThat(page.path("items").size()).isBetween(1, 2);
      for (var item : page.path("items")) {
        assertThat(seen.add(item.path("customerId").asString())).as("seen once").isTrue();
      }
      path = page.has("next") ? "/customers?limit=2&cursor=" + page.path("next").asString() : null;
    }
    assertThat(seen).containsAll(mine);
  }

  @Test
  void aCustomerThatNobodyCouldCreateIsNotThere() {
    service.mode.behaviour = ModeOnStage.refuses(dev.tandem.mode.Refusal.Reason.PART_AWAY);
    var answer =
        service.post("/customers", "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"500.5\"}}");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("part-away");
    assertThat(answer.body().path("retryable").asBoolean()).isTrue();
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void theInternalApiWantsTheTokenAndItsOwnDoor() {
    var path = service.customer("7");
    var bearer = "Bearer " + RunningService.TOKEN;

    var known = service.internal("/internal" + path, "Authorization", bearer);
    assertThat(known.status()).isEqualTo(200);
    assertThat(known.body().path("creditLimit").asString()).isEqualTo("7.00");
    assertThat(known.body().path("version").asLong()).isEqualTo(1);

    var nobody = "/internal/customers/" + UUID.randomUUID();
    assertThat(service.internal(nobody, "Authorization", bearer).status()).isEqualTo(404);
    assertThat(service.internal("/internal" + path).status()).isEqualTo(401);
    assertThat(service.internal("/internal" + path, "Authorization", bearer + "x").status())
        .isEqualTo(401);
    assertThat(service.internal(path, "Authorization", bearer).status())
        .as("the public API is not behind the internal door")
        .isEqualTo(404);
  }

  @Test
  void aCopyThatIsBehindIsToldTheLimitInForceByTheChangeThatBroughtIt() {
    var path = service.customer("7");
    var limit = "/internal" + path + "/limit";
    var bearer = "Bearer " + RunningService.TOKEN;
    var created = service.internal(limit, "Authorization", bearer).body();
    assertThat(created.path("kind").asString()).isEqualTo("CREATE");

    service.put(path + "/creditlimit", "{\"amount\":9}", "If-Match", "\"1\"");

    var changed = service.internal(limit, "Authorization", bearer).body();
    assertThat(changed.path("version").asLong()).isEqualTo(2);
    assertThat(changed.path("limit").asString()).isEqualTo("9.00");
    assertThat(changed.path("changeId").asString())
        .isNotEqualTo(created.path("changeId").asString());
    assertThat(changed.path("customerId").asString()).isEqualTo(path.substring(11));
    var nobody = "/internal/customers/" + UUID.randomUUID() + "/limit";
    assertThat(service.internal(nobody, "Authorization", bearer).status()).isEqualTo(404);
  }

  /** order-service would refuse the customer's orders for good. */
  @Test
  void aCustomerWhoseCreationIsOpenIsNotCalledUnknown() {
    service.mode.behaviour = ModeOnStage.leavesItOpen();
    var open = service.post("/customers", "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":7}}");
    var path = "/internal/customers/" + open.body().path("customerId").asString();
    var bearer = "Bearer " + RunningService.TOKEN;

    var asked = service.internal(path, "Authorization", bearer);

    assertThat(asked.status()).isEqualTo(503);
    assertThat(asked.code()).isEqualTo("change-in-progress");
    assertThat(asked.header("Retry-After")).isEqualTo("1");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.internal(path, "Authorization", bearer).status() == 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/internal",
        "/%69nternal",
        "/internal;x",
        "/internal;x=y",
        "//internal",
        "/./internal",
        "/internal/../internal",
        "/%2e/internal",
        "/x/..;/internal"
      })
  void howeverThePathIsSpelledThePublicDoorDoesNotLeadInside(String prefix) {
    var path = service.customer("7");
    var answer =
        service.get(prefix + path, "Authorization", "Bearer " + RunningService.TOKEN, "Xid", "x");
    assertThat(answer.status()).as(answer.body().toString()).isIn(400, 404);
  }

  @Test
  void theApiDescribesItselfWithoutTheInternalPart() {
    var docs = service.get("/v3/api-docs");
    assertThat(docs.status()).isEqualTo(200);
    assertThat(docs.body().path("paths").propertyNames())
        .containsExactlyInAnyOrder(
            "/customers",
            "/customers/{id}",
            "/customers/{id}/creditlimit",
            "/customers/{id}/creditlimit/history",
            "/limit-changes/{id}");
    var change = docs.body().path("paths").path("/customers/{id}/creditlimit").path("put");
    assertThat(change.path("responses").propertyNames())
        .contains("200", "202", "400", "404", "409", "412", "413", "415", "422", "428", "503");
    assertThat(change.path("responses").path("202").path("headers").propertyNames())
        .contains("Location", "Consistency-State");
    assertThat(service.get("/swagger-ui.html").status()).isEqualTo(302);
    assertThat(service.get("/swagger-ui/index.html").status()).isEqualTo(200);
  }

  @Test
  void healthAndMetersArePublic() {
    var readiness = service.get("/actuator/health/readiness");
    assertThat(readiness.body().path("status").asString()).isEqualTo("UP");
    assertThat(readiness.body().path("components").has("db")).isTrue();
    assertThat(service.get("/actuator/health/liveness").status()).isEqualTo(200);
    assertThat(service.get("/actuator/metrics").status()).isEqualTo(200);
    assertThat(service.get("/actuator/env").status()).isEqualTo(404);
  }
}
