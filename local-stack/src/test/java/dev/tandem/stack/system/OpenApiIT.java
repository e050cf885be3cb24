package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The API says of itself what it offers: exactly the public calls, and none of the internal. */
@InMode("xa")
class OpenApiIT {
  private final RunningShop shop;

  OpenApiIT(RunningShop shop) {
    this.shop = shop;
  }

  @Test
  void customerServiceDescribesItsPublicCalls() {
    assertThat(callsOf("customer-service"))
        .containsExactly(
            "get /customers",
            "get /customers/{id}",
            "get /customers/{id}/creditlimit/history",
            "get /limit-changes/{id}",
            "post /customers",
            "put /customers/{id}/creditlimit");
  }

  @Test
  void orderServiceDescribesItsPublicCalls() {
    assertThat(callsOf("order-service"))
        .containsExactly(
            "get /customers/{customerId}/credit",
            "get /customers/{customerId}/orderhistory",
            "get /orders",
            "get /orders/{orderId}",
            "get /orders/{orderId}/trace",
            "post /orders",
            "post /orders/{orderId}/cancel");
  }

  @Test
  void bothHaveAPageToBrowse() {
    for (var service : new String[] {"customer-service", "order-service"}) {
      var door = get(service, "/swagger-ui.html");
      assertThat(door.status()).as(service).isEqualTo(302);
      assertThat(get(service, door.header("location").orElseThrow()).status())
          .as(service)
          .isEqualTo(200);
    }
  }

  private TreeSet<String> callsOf(String service) {
    var description = get(service, "/v3/api-docs");
    assertThat(description.status()).isEqualTo(200);
    assertThat(description.text("openapi")).startsWith("3.");
    var calls = new TreeSet<String>();
    for (var path : description.body().get("paths").properties()) {
      path.getValue().propertyNames().forEach(method -> calls.add(method + " " + path.getKey()));
    }
    return calls;
  }

  private Answer get(String service, String path) {
    return shop.client().send("GET", shop.url(service) + path, "", Map.of());
  }
}
