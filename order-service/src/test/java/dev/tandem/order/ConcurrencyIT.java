package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.mode.ChangeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.dao.PessimisticLockingFailureException;

/** With a database of its own: the replay looks at all of it. */
class ConcurrencyIT {

  private static final int CLIENTS = 16;
  private static final Duration LASTS = Duration.ofSeconds(4);

  /** However slow the machine is, so much is done. */
  private static final int AT_LEAST = 500;

  @Test
  void whateverIsPlacedCancelledAndTakenAtOnceTheRuleHoldsAndNothingFails() throws Exception {
    long seed = Long.getLong("tandem.seed", System.nanoTime());
    System.out.println("seed: -Dtandem.seed=" + seed);
    try (var database = new OrdersDatabase();
        var owner = new Owner();
        var service = new OrderService(database, owner)) {
      var run = new Run(service, seed);
      Together.run(run.clients());

      var findings = new LedgerReplay(database.admin()).run();
      System.out.println(findings + ", " + run.busyTakes + " takes told to come back");
      assertThat(run.unexpected).as("seed " + seed).isEmpty();
      assertThat(findings.wrong()).as("seed " + seed).isEmpty();
      assertThat(List.of(findings.approvals(), findings.rejections(), findings.cancels()))
          .as("the run did something: " + findings)
          .allMatch(count -> count >= 10);
      assertThat(findings.limits()).isGreaterThan(10);
    }
  }

  /** 16 clients on 4 customers. */
  private static final class Run {
    private final OrderService service;
    private final long seed;
    private final List<UUID> customers = new ArrayList<>();
    private final AtomicLong versions = new AtomicLong(1);
    private final ConcurrentLinkedQueue<String> placed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger busyTakes = new AtomicInteger();

    Run(OrderService service, long seed) {
      this.service = service;
      this.seed = seed;
      for (int n = 0; n < 4; n++) {
        customers.add(service.customerWithLimit("100"));
      }
    }

    List<Callable<Void>> clients() {
      var clients = new ArrayList<Callable<Void>>();
      for (int n = 0; n < CLIENTS; n++) {
        var random = new Random(seed + n);
        clients.add(() -> client(random));
      }
      return clients;
    }

    private Void client(Random random) {
      long end = System.nanoTime() + LASTS.toNanos();
      while (System.nanoTime() < end || done.get() < AT_LEAST) {
        done.incrementAndGet();
        var customer = customers.get(random.nextInt(customers.size()));
        switch (random.nextInt(10)) {
          case 0 -> take(customer, random);
          case 1, 2, 3, 4 -> cancel();
          default -> place(customer, random);
        }
      }
      return null;
    }

    private void place(UUID customer, Random random) {
      var answer = service.place(customer, (1 + random.nextInt(4000)) / 100 + ".25");
      if (answer.status() != 201) {
        unexpected.add("place: " + answer);
      } else if (answer.text("orderState").equals("APPROVED")) {
        placed.add(answer.text("orderId"));
      }
    }

    /** Some are cancelled twice, and by two clients at once. */
    private void cancel() {
      var order = placed.peek();
      if (order != null) {
        var answer = service.cancel(order);
        placed.remove(order);
        if (answer.status() != 200) {
          unexpected.add("cancel: " + answer);
        }
      }
    }

    /** Versions come out of order between the clients: some are old when they arrive. */
    private void take(UUID customer, Random random) {
      var limit = random.nextInt(200) + ".00";
      var change =
          OrderService.versioned(ChangeId.random(), customer, limit, versions.incrementAndGet());
      try {
        service.take(change, false); // else an old one would be refused
      } catch (PessimisticLockingFailureException busy) {
        busyTakes.incrementAndGet(); // deadlocks are counted below: they would be wrong
        if (String.valueOf(busy.getMessage()).contains("deadlock")) {
          unexpected.add("take: " + busy);
        }
      }
    }
  }
}
