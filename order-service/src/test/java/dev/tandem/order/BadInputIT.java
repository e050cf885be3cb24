package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Shop.class)
class BadInputIT {

  private static final String SOME_ID = "\"0b0e1c4e-6d0a-4b53-8f4e-5b1d1f0e9a11\"";

  private final OrderService service;

  BadInputIT(OrderService service) {
    this.service = service;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":0}}            | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":-1}}           | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":\"1.005\"}}    | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1e30}}         | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1e999999999}}  | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1e-999999999}} | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":123456789012345678901234567890}}"
            + " | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":100000000000000000}} | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":\"much\"}}     | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":\"\"}}         | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":\" \"}}        | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":\"NaN\"}}      | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":true}}         | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":[1]}}          | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":null}}         | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":{}}                        | orderTotal.amount",
        "{\"customerId\":ID,\"orderTotal\":5}                         | orderTotal",
        "{\"customerId\":ID,\"orderTotal\":null}                      | orderTotal",
        "{\"customerId\":ID}                                          | orderTotal",
        "{\"orderTotal\":{\"amount\":1}}                              | customerId",
        "{\"customerId\":null,\"orderTotal\":{\"amount\":1}}          | customerId",
        "{\"customerId\":\"\",\"orderTotal\":{\"amount\":1}}          | customerId",
        "{\"customerId\":\"me\",\"orderTotal\":{\"amount\":1}}        | customerId",
        "{\"customerId\":7,\"orderTotal\":{\"amount\":1}}             | customerId",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1,\"currency\":\"USD\"}} | orderTotal.currency",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1,\"currency\":5}}       | orderTotal.currency",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1},\"rush\":true}        | rush",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1,\"tax\":1}}            | orderTotal.tax",
      })
  void aWrongFieldIsNamed(String body, String field) {
    var answer = service.post("/orders", body.replace("ID", SOME_ID));

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text("code")).isEqualTo("invalid-request");
    assertThat(answer.text("errors.0.field")).isEqualTo(field);
    assertThat(answer.text("detail")).contains(field);
    assertThat(answer.text("instance")).isEqualTo("/orders");
    assertThat(answer.body().get("retryable").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "5",
        "{",
        "{\"customerId\":ID,\"customerId\":ID,\"orderTotal\":{\"amount\":1}}",
        "{\"customerId\":ID,\"orderTotal\":{\"amount\":1}} and more"
      })
  void whatIsNoJsonObjectIsMalformed(String body) {
    var answer = service.post("/orders", body.replace("ID", SOME_ID));

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.text("code")).isEqualTo("malformed-json");
  }

  @Test
  void everyKindOfGoodAmountIsTaken() {
    var customer = service.customerWithLimit("100");
    for (var amount : new String[] {"1", "1.5", "1.50", "\"1.50\"", "1e1", "\"0.01\""}) {
      var body =
          "{\"customerId\":\"%s\",\"orderTotal\":{\"amount\":%s,\"currency\":\"EUR\"}}"
              .formatted(customer, amount);
      assertThat(service.post("/orders", body).status()).as(amount).isEqualTo(201);
    }
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("15.51");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    var answer = service.post("/orders", "{\"customerId\":\"" + "x".repeat(1_000_000) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text("code")).isEqualTo("body-too-large");
  }

  @Test
  void anotherContentTypeOrMethodIsRefused() {
    var text =
        HttpRequest.newBuilder(URI.create(service.url("/orders")))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("order!"));
    assertThat(service.send(text).status()).isEqualTo(415);

    var delete = HttpRequest.newBuilder(URI.create(service.url("/orders"))).DELETE();
    assertThat(service.send(delete).status()).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({
    "/orders?customerId=me, customerId",
    "/orders?customerId=, customerId",
    "/orders?state=OPEN, state",
    "/orders?state=, state",
    "/orders?limit=0, limit",
    "/orders?limit=501, limit",
    "/orders?limit=many, limit",
    "/orders?cursor=here, cursor",
    "/orders/me, orderId",
    "/orders/me/trace, orderId",
    "/customers/me/credit, customerId",
    "/customers/me/orderhistory, customerId",
    "/customers/0b0e1c4e-6d0a-4b53-8f4e-5b1d1f0e9a11/orderhistory?limit=-1, limit",
  })
  void aWrongPathOrFilterIsNamed(String path, String field) {
    var answer = service.get(path);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.text("errors.0.field")).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "LONG"})
  void aKeyThatIsNotVisibleAsciiIsRefused(String key) {
    var header = key.replace("LONG", "k".repeat(201));

    var answer = service.place(UUID.randomUUID(), "1", "Idempotency-Key", header);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("errors.0.field")).isEqualTo("Idempotency-Key");
  }

  @Test
  void workOfTheModeThatBreaksItsPromisesIsNotServedUnlessSomebodyNamesIt() {
    assertThat(service.internal("PUT", "/internal/besteffort/work", "{}").status()).isEqualTo(404);
    assertThat(service.internal("PUT", "/internal/xa/work", "{}").status()).isEqualTo(400);
  }
}
