package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Shop.class)
class ListsIT {

  private final OrderService service;

  ListsIT(OrderService service) {
    this.service = service;
  }

  @Test
  void pagesGoThroughAllOrdersInTheOrderOfPlacingAlsoWhenSomeAreAdded() {
    var customer = service.customerWithLimit("100");
    var placed = new ArrayList<String>();
    for (int n = 0; n < 5; n++) {
      placed.add(service.place(customer, "1").text("orderId"));
    }
    for (var list :
        List.of(
            "/orders?customerId=" + customer + "&", "/customers/" + customer + "/orderhistory?")) {
      var first = service.get(list + "limit=2");
      var second = service.get(list + "limit=2&cursor=" + first.text("next"));
      placed.add(service.place(customer, "1").text("orderId"));
      var third = service.get(list + "limit=20&cursor=" + second.text("next"));

      var seen = new ArrayList<>(ids(first));
      seen.addAll(ids(second));
      seen.addAll(ids(third));
      assertThat(ids(first)).hasSize(2);
      assertThat(seen).isEqualTo(placed);
      assertThat(third.body().has("next")).isFalse();
    }
  }

  @Test
  void ordersAreFilteredByCustomerAndState() {
    var customer = service.customerWithLimit("10");
    var approved = service.place(customer, "10").text("orderId");
    var rejected = service.place(customer, "10").text("orderId");
    service.cancel(approved);
    var open = service.place(customer, "3").text("orderId");
    var list = "/orders?customerId=" + customer;

    assertThat(ids(service.get(list))).containsExactly(approved, rejected, open);
    assertThat(ids(service.get(list + "&state=APPROVED"))).containsExactly(open);
    assertThat(ids(service.get(list + "&state=REJECTED"))).containsExactly(rejected);
    assertThat(ids(service.get(list + "&state=CANCELLED"))).containsExactly(approved);
    assertThat(service.get("/orders?state=REJECTED&limit=1").body().get("items")).hasSize(1);
    assertThat(service.get("/orders").status()).isEqualTo(200);
  }

  @Test
  void theTraceTellsWhyAnOrderIsAsItIs() {
    var customer = service.customerWithLimit("100");
    service.place(customer, "70");
    var order = service.place(customer, "30").text("orderId");
    var over = service.place(customer, "0.01").text("orderId");
    service.cancel(order);
    service.take(customer, "900", 2);

    var trace = service.get("/orders/" + order + "/trace");
    assertThat(trace.text("order.orderState")).isEqualTo("CANCELLED");
    assertThat(trace.text("why"))
        .isEqualTo(
            "R1: exposure 70.00 + total 30.00 = 100.00, within the limit 100.00 (version 1), so the"
                + " order was approved.");
    assertThat(trace.text("decision.sequence")).isEqualTo("3");
    assertThat(trace.text("decision.creditLimit.amount")).isEqualTo("100.00");
    assertThat(trace.text("decision.limitVersion")).isEqualTo("1");
    assertThat(trace.body().at("/decision/limitAgeMs").asLong(-1)).isBetween(0L, 60_000L);
    assertThat(trace.text("decision.exposureBefore.amount")).isEqualTo("70.00");
    assertThat(trace.text("decision.source")).isEqualTo("replica");
    assertThat(trace.text("cancellation.sequence")).isEqualTo("5");
    assertThat(trace.text("cancellation.cancelledAt")).isNotNull();

    var refusal = service.get("/orders/" + over + "/trace");
    assertThat(refusal.text("why")).contains("over the limit 100.00").endsWith("rejected.");
    assertThat(refusal.text("decision.exposureBefore.amount")).isEqualTo("100.00");
    assertThat(refusal.body().has("cancellation")).isFalse();
  }

  private static List<String> ids(OrderService.Answer page) {
    var ids = new ArrayList<String>();
    page.body().get("items").forEach(order -> ids.add(order.get("orderId").asString()));
    return ids;
  }
}
