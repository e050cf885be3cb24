package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How fast orders are placed: a closed loop of 8 clients over 1,000 customers, one process. */
@Tag("figures")
class FiguresIT {

  private static final int CLIENTS = 8;
  private static final int CUSTOMERS = 1_000;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration LASTS = Duration.ofSeconds(10);

  @Test
  void ordersPerSecond() throws Exception {
    try (var database = new OrdersDatabase();
        var owner = new Owner();
        var service = new OrderService(database, owner)) {
      var customers = new ArrayList<UUID>();
      for (int n = 0; n < CUSTOMERS; n++) {
        customers.add(service.customerWithLimit("1000000"));
      }
      measure("warm-up", service, customers, WARM_UP, false);
      measure("without key", service, customers, LASTS, false);
      measure("with Idempotency-Key", service, customers, LASTS, true);
    }
  }

  private static void measure(
      String name, OrderService service, List<UUID> customers, Duration lasts, boolean keyed) {
    var clients = new ArrayList<Callable<List<Long>>>();
    for (int n = 0; n < CLIENTS; n++) {
      var random = new Random(n);
      clients.add(() -> client(service, customers, random, lasts, keyed));
    }
    var micros =
        Together.run(clients).stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
    Arrays.sort(micros);
    System.out.printf(
        "POST /orders, %s: %d/s, p50 %.1f ms, p99 %.1f ms%n",
        name,
        micros.length / lasts.toSeconds(),
        micros[micros.length / 2] / 1000.0,
        micros[micros.length * 99 / 100] / 1000.0);
  }

  private static List<Long> client(
      OrderService service, List<UUID> customers, Random random, Duration lasts, boolean keyed) {
    var micros = new ArrayList<Long>();
    long end = System.nanoTime() + lasts.toNanos();
    while (System.nanoTime() < end) {
      var customer = customers.get(random.nextInt(customers.size()));
      var headers =
          keyed ? new String[] {"Idempotency-Key", UUID.randomUUID().toString()} : new String[0];
      var answer = service.place(customer, "1.25", headers);
      assertThat(answer.text("orderState")).isEqualTo("APPROVED");
      micros.add(answer.took().toNanos() / 1000);
    }
    return micros;
  }
}
