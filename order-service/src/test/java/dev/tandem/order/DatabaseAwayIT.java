package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Has a database of its own, because it takes it away. */
class DatabaseAwayIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void whileTheDatabaseIsAwayEveryCallSaysSoAndAfterwardsAllGoesOn() throws Exception {
    try (var database = new OrdersDatabase();
        var owner = new Owner();
        var service = new OrderService(database, owner)) {
      var customer = service.customerWithLimit("100");
      var order = service.place(customer, "10").text("orderId");
      assertThat(readiness(service)).isEqualTo("UP");

      try (var outage = database.outage()) {
        for (var answer :
            new OrderService.Answer[] {
              service.get("/orders/" + order),
              service.cancel(order),
              service.place(customer, "10", "Idempotency-Key", "k1"),
              service.place(customer, "10"),
              service.credit(customer),
              service.internal("GET", "/internal/limit-changes/" + customer, "")
            }) {
          assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
          assertThat(answer.text("code")).isIn("database-away", "outcome-unknown");
          assertThat(answer.header("Retry-After")).isEqualTo("2");
          assertThat(answer.took()).isLessThan(Duration.ofSeconds(3));
        }
        // A pooled connection that was used within the last half second is not looked at before it
        // is
        // used again: an order that meets such a one cannot know its outcome. Each is met once.
        Awaitility.await()
            .atMost(LIMIT)
            .until(() -> service.place(customer, "10").text("code").equals("database-away"));
        assertThat(readiness(service)).isEqualTo("DOWN");
        try (var startedMeanwhile = new OrderService(database, owner)) {
          assertThat(readiness(startedMeanwhile)).isEqualTo("DOWN");
        }
      }

      Awaitility.await().atMost(LIMIT).until(() -> readiness(service).equals("UP"));
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> service.place(customer, "10", "Idempotency-Key", "k1").status() == 201);
      assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("20.00");
      assertThat(service.cancel(order).status()).isEqualTo(200);
    }
  }

  private static String readiness(OrderService service) {
    return service.get("/actuator/health/readiness").text("status");
  }
}
