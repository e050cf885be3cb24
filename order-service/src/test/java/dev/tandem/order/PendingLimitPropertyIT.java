package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.TentativeCopy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * No order is ever approved that either outcome of an open action would make wrong. Orders, cancels
 * and actions of a few customers meet at random, callbacks are repeated, come at once and overtake
 * their work; then every account is replayed from the tables.
 */
class PendingLimitPropertyIT {

  private static final int CUSTOMERS = 3;
  private static final int ORDERING = 5;
  private static final int STEPS = 60;

  private static OrdersDatabase database;
  private static Owner owner;
  private static OrderService service;

  private final List<UUID> customers = new ArrayList<>();
  private final ConcurrentHashMap<UUID, AtomicLong> versions = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() {
    database = new OrdersDatabase();
    owner = new Owner();
    service = new OrderService(database, owner);
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    owner.close();
    database.close();
  }

  @RepeatedTest(3)
  void noOrderIsApprovedThatEitherOutcomeWouldMakeWrong(RepetitionInfo repetition) {
    long seed = Long.getLong("tandem.seed", System.nanoTime()) + repetition.getCurrentRepetition();
    System.out.println("interleavings of seed " + seed + " (-Dtandem.seed repeats the choices)");
    IntStream.range(0, CUSTOMERS).forEach(one -> customers.add(service.customerWithLimit("100")));
    customers.forEach(customer -> versions.put(customer, new AtomicLong(1)));
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < ORDERING; i++) {
      var random = new Random(seed * 31 + i);
      tasks.add(() -> orderAndCancel(random));
    }
    for (var customer : customers) {
      var random = new Random(seed * 31 + customers.indexOf(customer) + ORDERING);
      tasks.add(() -> changeLimits(customer, random));
    }

    Together.run(tasks);

    var replay = new LedgerReplay(database.admin());
    var found = replay.run();
    assertThat(found.wrong()).as("seed " + seed + ": " + found).isEmpty();
    assertThat(replay.seen("complete")).as("completed").isPositive();
    assertThat(replay.seen("compensate")).as("compensated").isPositive();
    assertThat(replay.seen("decided by the lower one")).as("where it mattered").isPositive();
  }

  private int orderAndCancel(Random random) {
    var accounts = service.bean(CreditAccounts.class);
    var approved = new ArrayList<UUID>();
    for (int i = 0; i < STEPS; i++) {
      try {
        if (random.nextInt(3) == 0 && !approved.isEmpty()) {
          accounts.cancel(approved.remove(random.nextInt(approved.size())));
        } else {
          var customer = customers.get(random.nextInt(CUSTOMERS));
          var total = BigDecimal.valueOf(1 + random.nextInt(60));
          var order = new NewOrder(UUID.randomUUID(), customer, total, null);
          accounts
              .admit(order, Freshness.any(null))
              .filter(decided -> decided.state() == OrderState.APPROVED)
              .ifPresent(decided -> approved.add(decided.id()));
        }
      } catch (PessimisticLockingFailureException busy) {
        // nothing is done then
      }
    }
    return approved.size();
  }

  /** The owner's side of one customer: one change at a time, its version counted up at its end. */
  private int changeLimits(UUID customer, Random random) {
    var limits = service.bean(TentativeCopy.class);
    int ended = 0;
    for (int i = 0; i < STEPS / 2; i++) {
      var action = new ActionId(UUID.randomUUID().toString());
      var version = versions.get(customer).get() + 1;
      var limit = String.valueOf(random.nextInt(200));
      boolean complete = random.nextBoolean();
      if (random.nextInt(6) == 0) {
        retried(() -> limits.compensate(action)); // overtakes the work
      }
      if (!placed(
          limits, OrderService.versioned(ChangeId.random(), customer, limit, version), action)) {
        retried(() -> limits.compensate(action));
        continue;
      }
      Thread.yield();
      Callable<Object> callback =
          () -> retried(() -> complete ? limits.complete(action) : limits.compensate(action));
      if (random.nextInt(4) == 0) {
        Together.times(2, callback);
      } else {
        call(callback);
      }
      versions.get(customer).addAndGet(complete ? 1 : 0);
      ended++;
    }
    return ended;
  }

  private static boolean placed(
      TentativeCopy limits, dev.tandem.mode.VersionedLimit limit, ActionId action) {
    try {
      limits.place(limit, action);
      return true;
    } catch (ChangeRefused | DuplicateKeyException | PessimisticLockingFailureException no) {
      return false;
    }
  }

  /** As the coordinator does: until it is done. */
  private static Object retried(Callable<?> callback) {
    while (true) {
      try {
        return callback.call();
      } catch (PessimisticLockingFailureException busy) {
        // asked again
      } catch (Exception wrong) {
        throw new IllegalStateException(wrong);
      }
    }
  }

  private static void call(Callable<Object> task) {
    try {
      task.call();
    } catch (Exception wrong) {
      throw new IllegalStateException(wrong);
    }
  }
}
