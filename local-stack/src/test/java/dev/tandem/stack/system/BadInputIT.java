package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests: each gets its problem, and nothing is changed by any. */
@InMode("xa")
@TestInstance(Lifecycle.PER_CLASS)
class BadInputIT {
  private static final String USED_KEY = "used";
  private static final String UNKNOWN = "0b0e1c4e-6d0a-4b53-8f4e-5b1d1f0e9a11";
  private static final String BIG = "x".repeat(1_000_000);

  /**
   * One wrong request.
   *
   * @param field that the problem names; "" for none
   */
  record Case(
      String name,
      String method,
      String url,
      Map<String, String> headers,
      String body,
      int status,
      String code,
      String field) {

    Case with(String header, String value) {
      var more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Case(name, method, url, more, body, status, code, field);
    }

    Case naming(String named) {
      return new Case(name, method, url, headers, body, status, code, named);
    }

    @Override
    public String toString() {
      return status + " " + code + ": " + name;
    }
  }

  private final RunningShop shop;
  private final ShopClient client;
  private String ada = "";
  private String before = "";

  BadInputIT(RunningShop shop) {
    this.shop = shop;
    this.client = shop.client();
  }

  /** A customer of version 2, by a change under a key, and an order. */
  @BeforeAll
  void openTheShop() throws Exception {
    shop.tables().empty();
    ada = shop.newCustomer("100.00");
    assertThat(client.changeLimit(ada, 1, "200.00", USED_KEY).status()).isEqualTo(200);
    assertThat(placed("10.00", USED_KEY).status()).isEqualTo(201);
    before = shop.tables().contents();
  }

  @AfterAll
  void closeTheShop() throws Exception {
    shop.tables().empty();
  }

  Stream<Case> limits() {
    return Stream.of(
        limit("no If-Match", "{'amount':'1'}", 428, "precondition-required"),
        limit("stale If-Match", "{'amount':'1'}", 412, "stale-version").with("If-Match", "\"1\""),
        limit("future If-Match", "{'amount':'1'}", 412, "stale-version").with("If-Match", "\"9\""),
        matched("negative", "{'amount':'-1'}", 400, "invalid-request").naming("amount"),
        matched("negative number", "{'amount':-0.01}", 400, "invalid-request").naming("amount"),
        matched("three decimals", "{'amount':'1.005'}", 400, "invalid-request").naming("amount"),
        matched("30 digits", "{'amount':123456789012345678901234567890}", 400, "invalid-request")
            .naming("amount"),
        matched("1e999999999", "{'amount':1e999999999}", 400, "invalid-request").naming("amount"),
        matched("text", "{'amount':'much'}", 400, "invalid-request").naming("amount"),
        matched("empty text", "{'amount':''}", 400, "invalid-request").naming("amount"),
        matched("null", "{'amount':null}", 400, "invalid-request").naming("amount"),
        matched("true", "{'amount':true}", 400, "invalid-request").naming("amount"),
        matched("missing field", "{}", 400, "invalid-request").naming("amount"),
        matched("unknown field", "{'amount':'1','why':'so'}", 400, "invalid-request").naming("why"),
        matched("other currency", "{'amount':'1','currency':'XXX'}", 400, "invalid-request")
            .naming("currency"),
        matched("no JSON", "amount=1", 400, "malformed-json"),
        matched("an array", "[]", 400, "malformed-json"),
        matched("no body", "", 400, "malformed-json").with("Content-Type", "application/json"),
        matched("1 MB", "{'amount':'" + BIG + "'}", 413, "body-too-large"),
        matched("text/plain", "{'amount':'1'}", 415, "unsupported-media-type")
            .with("Content-Type", "text/plain"),
        matched("a key of another body", "{'amount':'7'}", 422, "idempotency-key-reused")
            .with("Idempotency-Key", USED_KEY)
            .naming("Idempotency-Key"),
        matched("a key with a space", "{'amount':'7'}", 400, "invalid-request")
            .with("Idempotency-Key", "a b")
            .naming("Idempotency-Key"),
        matched("weak If-Match", "{'amount':'7'}", 412, "stale-version")
            .with("If-Match", "W/\"2\""),
        limit("If-Match of no sense", "{'amount':'7'}", 400, "invalid-request")
            .with("If-Match", "two")
            .naming("If-Match"),
        to("unknown customer", "PUT", "/customers/" + UNKNOWN + "/creditlimit", "{'amount':'1'}")
            .with("If-Match", "\"1\""),
        new Case(
            "no customer's id",
            "PUT",
            customerService() + "/customers/me/creditlimit",
            Map.of("If-Match", "\"1\""),
            "{\"amount\":\"1\"}",
            400,
            "invalid-request",
            "id"));
  }

  Stream<Case> customers() {
    return Stream.of(
        customer("negative limit", "{'name':'A','creditLimit':{'amount':-1}}", 400)
            .naming("creditLimit.amount"),
        customer("three decimals", "{'name':'A','creditLimit':{'amount':0.001}}", 400)
            .naming("creditLimit.amount"),
        customer("text", "{'name':'A','creditLimit':{'amount':'x'}}", 400)
            .naming("creditLimit.amount"),
        customer("no limit", "{'name':'A'}", 400).naming("creditLimit"),
        customer("no name", "{'creditLimit':{'amount':1}}", 400).naming("name"),
        customer("blank name", "{'name':' ','creditLimit':{'amount':1}}", 400).naming("name"),
        customer(
                "name that PostgreSQL cannot store",
                "{'name':'\\u0000','creditLimit':{'amount':1}}",
                400)
            .naming("name"),
        customer(
                "name of 201", "{'name':'" + "n".repeat(201) + "','creditLimit':{'amount':1}}", 400)
            .naming("name"),
        customer("name as number", "{'name':[1],'creditLimit':{'amount':1}}", 400).naming("name"),
        customer("unknown field", "{'name':'A','vip':true,'creditLimit':{'amount':1}}", 400)
            .naming("vip"));
  }

  Stream<Case> orders() {
    return Stream.of(
        order("zero", "{'customerId':'ADA','orderTotal':{'amount':0}}").naming("orderTotal.amount"),
        order("zero cents", "{'customerId':'ADA','orderTotal':{'amount':'0.00'}}")
            .naming("orderTotal.amount"),
        order("negative", "{'customerId':'ADA','orderTotal':{'amount':'-1'}}")
            .naming("orderTotal.amount"),
        order("three decimals", "{'customerId':'ADA','orderTotal':{'amount':1.005}}")
            .naming("orderTotal.amount"),
        order("30 digits", "{'customerId':'ADA','orderTotal':{'amount':" + "9".repeat(30) + "}}")
            .naming("orderTotal.amount"),
        order("text", "{'customerId':'ADA','orderTotal':{'amount':'much'}}")
            .naming("orderTotal.amount"),
        order("missing total", "{'customerId':'ADA'}").naming("orderTotal"),
        order("missing customer", "{'orderTotal':{'amount':1}}").naming("customerId"),
        order("unknown field", "{'customerId':'ADA','rush':1,'orderTotal':{'amount':1}}")
            .naming("rush"),
        new Case(
            "1 MB", "POST", orderService() + "/orders", Map.of(), BIG, 413, "body-too-large", ""),
        new Case(
            "text/plain",
            "POST",
            orderService() + "/orders",
            Map.of("Content-Type", "text/plain"),
            "order!",
            415,
            "unsupported-media-type",
            ""),
        new Case(
            "a key of another body",
            "POST",
            orderService() + "/orders",
            Map.of("Idempotency-Key", USED_KEY),
            "{\"customerId\":\"" + ada + "\",\"orderTotal\":{\"amount\":\"11.00\"}}",
            422,
            "idempotency-key-reused",
            ""),
        new Case(
            "an unknown order",
            "POST",
            orderService() + "/orders/" + UNKNOWN + "/cancel",
            Map.of(),
            "",
            404,
            "unknown-order",
            ""),
        new Case(
            "another method",
            "DELETE",
            orderService() + "/orders",
            Map.of(),
            "",
            405,
            "method-not-allowed",
            ""));
  }

  Stream<Case> forgedCalls() {
    var branch = "/internal/xa/branches/xa1:tandem-x1:b1:" + UNKNOWN;
    return Stream.of("customer-service", "order-service")
        .flatMap(
            service ->
                Stream.of(
                    forged(
                        service + " commit, no token",
                        shop.internalUrl(service) + branch + "/commit",
                        401,
                        "service-token-required"),
                    forged(
                        service + " rollback, no token",
                        shop.internalUrl(service) + branch + "/rollback",
                        401,
                        "service-token-required"),
                    forged(
                            service + " commit, wrong token",
                            shop.internalUrl(service) + branch + "/commit",
                            401,
                            "service-token-required")
                        .with("Authorization", "Bearer " + UNKNOWN),
                    forged(
                        service + " commit, public port",
                        shop.url(service) + branch + "/commit",
                        404,
                        "not-found"),
                    forged(
                            service + " commit, public port, token",
                            shop.url(service) + branch + "/commit",
                            404,
                            "not-found")
                        .with("Authorization", shop.authorization()),
                    forged(
                            service + " commit, encoded path",
                            shop.url(service)
                                + branch.replace("internal", "%69nternal")
                                + "/commit",
                            404,
                            "not-found")
                        .with("Authorization", shop.authorization()),
                    forged(
                            service + " commit of no branch",
                            shop.internalUrl(service) + "/internal/xa/branches/nonsense/commit",
                            400,
                            "invalid-request")
                        .with("Authorization", shop.authorization())
                        .naming("branch")));
  }

  Stream<Case> forgedCallsOfTheCoordinator() {
    var coordinator = shop.internalUrl("tx-coordinator") + "/internal/xa/transactions";
    return Stream.of(
        forged("begin, no token", coordinator, 401, "service-token-required"),
        forged("commit, no token", coordinator + "/t1/commit", 401, "service-token-required"));
  }

  Stream<Case> all() {
    return Stream.of(limits(), customers(), orders(), forgedCalls(), forgedCallsOfTheCoordinator())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void getsItsProblemAndChangesNothing(Case wrong) throws Exception {
    var answer =
        client.send(wrong.method(), wrong.url(), wrong.body().replace("ADA", ada), wrong.headers());

    assertThat(answer.inWords())
        .as(answer.body().toString())
        .isEqualTo(wrong.status() + " " + wrong.code());
    assertIsProblem(answer);
    assertThat(answer.text("errors.0.field")).isEqualTo(wrong.field());
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  private static void assertIsProblem(Answer answer) {
    assertThat(answer.header("content-type")).contains("application/problem+json");
    for (var member : new String[] {"type", "title", "detail", "instance"}) {
      assertThat(answer.text(member)).as(member).isNotEmpty();
    }
    assertThat(answer.text("status")).isEqualTo(String.valueOf(answer.status()));
    assertThat(answer.body().toString())
        .doesNotContain("Exception")
        .doesNotContain("dev.tandem")
        .doesNotContain("org.springframework");
  }

  @ParameterizedTest
  @ValueSource(strings = {"customer-service", "order-service"})
  void theCommitOfAnUnknownBranchIsAConflictAndAppliesNothing(String service) throws Exception {
    var commit =
        shop.internalUrl(service)
            + "/internal/xa/branches/xa1:tandem-x1:b1:"
            + UUID.randomUUID()
            + "/commit";

    assertThat(shop.internal("POST", commit, "").status()).isEqualTo(409);
    assertThat(shop.internal("POST", commit, "").text("result")).isEqualTo("rolled-back");
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  @Test
  void aLimitOfZeroIsAllowed() throws Exception {
    var bob = client.createCustomer("Bob", "0", null);
    assertThat(bob.inWords()).isEqualTo("201");
    assertThat(client.changeLimit(bob.text("customerId"), 1, "0.00", null).status()).isEqualTo(200);
    before = shop.tables().contents();
  }

  @Test
  void anOrderOfAnUnknownCustomerIsStoredAsRejected() throws Exception {
    var order = client.placeOrder(UNKNOWN, "1.00");
    assertThat(order.status()).isEqualTo(201);
    assertThat(order.text("rejectionReason")).isEqualTo("UNKNOWN_CUSTOMER");
    before = shop.tables().contents();
  }

  @Test
  void protocolHeadersOnThePublicPortAreIgnored() throws Exception {
    var headers =
        Map.of(
            "If-Match", "\"1\"",
            "Xid", "xa1:tandem-x1:b1:" + UNKNOWN,
            "Tandem-Remaining-Millis", "1");
    var bob = shop.newCustomer("100.00");
    var url = customerService() + "/customers/" + bob + "/creditlimit";

    var changed = client.send("PUT", url, "{\"amount\":\"50.00\"}", headers);
    var ordered =
        client.send(
            "POST",
            orderService() + "/orders",
            "{\"customerId\":\"" + bob + "\",\"orderTotal\":{\"amount\":\"50.00\"}}",
            headers);

    assertThat(changed.inWords()).isEqualTo("200");
    assertThat(ordered.text("orderState")).isEqualTo("APPROVED");
    BrokenPromise.unless(shop.check().nothingIsUnderWay());
    BrokenPromise.unless(shop.check().bothSidesAgree());
    before = shop.tables().contents();
  }

  private Case limit(String name, String body, int status, String code) {
    return new Case(
        "limit, " + name,
        "PUT",
        customerService() + "/customers/" + ada + "/creditlimit",
        Map.of(),
        body.replace('\'', '"'),
        status,
        code,
        "");
  }

  private Case matched(String name, String body, int status, String code) {
    return limit(name, body, status, code).with("If-Match", "\"2\"");
  }

  private Case customer(String name, String body, int status) {
    return new Case(
        "customer, " + name,
        "POST",
        customerService() + "/customers",
        Map.of(),
        body.replace('\'', '"'),
        status,
        "invalid-request",
        "");
  }

  private Case to(String name, String method, String path, String body) {
    return new Case(
        "limit, " + name,
        method,
        customerService() + path,
        Map.of(),
        body.replace('\'', '"'),
        404,
        "unknown-customer",
        "");
  }

  private Case order(String name, String body) {
    return new Case(
        "order, " + name,
        "POST",
        orderService() + "/orders",
        Map.of(),
        body.replace('\'', '"'),
        400,
        "invalid-request",
        "");
  }

  private static Case forged(String name, String url, int status, String code) {
    return new Case("forged, " + name, "POST", url, Map.of(), "", status, code, "");
  }

  private Answer placed(String total, String key) {
    return client.send(
        "POST",
        orderService() + "/orders",
        "{\"customerId\":\"" + ada + "\",\"orderTotal\":{\"amount\":\"" + total + "\"}}",
        Map.of("Idempotency-Key", key));
  }

  private String customerService() {
    return shop.url("customer-service");
  }

  private String orderService() {
    return shop.url("order-service");
  }
}
