package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Shop.class)
class DocumentationIT {

  private final OrderService service;

  DocumentationIT(OrderService service) {
    this.service = service;
  }

  @Test
  void everyPublicCallIsDescribedWithItsAnswersAndNoInternalOne() {
    var paths = service.get("/v3/api-docs").body().get("paths");

    assertThat(paths.propertyNames())
        .containsExactlyInAnyOrder(
            "/orders",
            "/orders/{orderId}",
            "/orders/{orderId}/cancel",
            "/orders/{orderId}/trace",
            "/customers/{customerId}/credit",
            "/customers/{customerId}/orderhistory");
    var placing = paths.at("/~1orders/post");
    assertThat(placing.get("description").asString()).contains("Idempotency-Key");
    assertThat(placing.get("responses").propertyNames())
        .containsExactlyInAnyOrder("201", "400", "413", "415", "422", "503");
  }

  @Test
  void everyProblemThatIsNamedIsDescribed() {
    var docs = service.get("/v3/api-docs").body();

    docs.get("paths")
        .findValuesAsString("$ref")
        .forEach(ref -> assertThat(docs.at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
  }

  @Test
  void thePageCanBeBrowsed() {
    assertThat(service.get("/swagger-ui.html").status()).isEqualTo(302);
    assertThat(service.get("/swagger-ui/index.html").status()).isEqualTo(200);
  }

  @Test
  void ordersAreCounted() {
    service.place(service.customerWithLimit("1"), "2");

    var metric = service.get("/actuator/metrics/tandem.orders?tag=reason:INSUFFICIENT_CREDIT");
    assertThat(metric.body().at("/measurements/0/value").asDouble()).isPositive();
    assertThat(service.get("/actuator/metrics/tandem.orders.in.doubt").status()).isEqualTo(200);
  }
}
