package dev.tandem.stack.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.system.RunningShop;
import dev.tandem.stack.system.Tables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random changes with random vetoes, orders and cancels, while services are killed at random.
 * {@code -Dtandem.soak.seconds=30} sets how long, {@code -Dtandem.test.seed=42} what is random
 * about it; the moment at which a kill meets a change is the machine's.
 */
abstract class SoakTest {
  private static final int CLIENTS = 6;
  private static final int CUSTOMERS = 8;
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

  /** After an answer that says that somebody is away; else it would be most of the answers. */
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final RunningShop shop;
  private final List<String> victims;
  private final Switcher switcher;
  private final Duration load;
  private final long seed = Long.getLong("tandem.test.seed", System.nanoTime());

  /**
   * @param load how long, unless the property says so
   */
  SoakTest(RunningShop shop, Duration load) {
    this(shop, RunningShop.SERVICES, new Switcher(shop, List.of()), load);
  }

  /**
   * @param victims the parts that are killed
   * @param load how long, unless the property says so
   */
  SoakTest(RunningShop shop, List<String> victims, Switcher switcher, Duration load) {
    this.shop = shop;
    this.victims = victims;
    this.switcher = switcher;
    this.load = Duration.ofSeconds(Long.getLong("tandem.soak.seconds", load.toSeconds()));
  }

  /** How long a client thinks between two deeds. */
  Duration thinks() {
    return Duration.ZERO;
  }

  @BeforeEach
  final void openAnEmptyShop() throws Exception {
    shop.tables().empty();
  }

  @AfterEach
  final void leaveAWarmAndEmptyShop() throws Exception {
    shop.warmUp();
    shop.tables().empty();
  }

  @Test
  final void nothingContradictsNothingIsStuckAndNothingIsLost() throws Exception {
    System.out.printf("tandem.test.seed=%d, %d s%n", seed, load.toSeconds());
    shop.ordersBelowExposure("reject");
    var customers = new CopyOnWriteArrayList<String>();
    Stream.generate(() -> shop.newCustomer("300.00")).limit(CUSTOMERS).forEach(customers::add);
    var killed = new TreeMap<String, Integer>();
    var switched = new TreeMap<String, Integer>();

    var deeds = load(customers, killed, switched);

    long began = System.nanoTime();
    shop.awaitNothingUnderWay(SETTLES_WITHIN);
    System.out.printf(
        "nothing was under way any more after %.1f s; killed: %s%n",
        (System.nanoTime() - began) / 1e9, killed);
    var table = table(deeds);
    table.forEach((words, count) -> System.out.printf("%6d  %s%n", count, words));
    var evidence = new Reckoning(shop, deeds).evidence();
    evidence.forEach(System.out::println);
    assertThat(table).as("all that should happen did").containsKey("CHANGE 409 below-exposure");
    assertThat(table).containsKeys("CHANGE 200", "ORDER 201 APPROVED", "CANCEL 200 CANCELLED");
    assertThat(killed).as("killed").isNotEmpty();
    eachModeWasInForceAndCarriedChanges(switched);
    assertThat(evidence).as("seed " + seed).allMatch(Evidence::holds);
  }

  private void eachModeWasInForceAndCarriedChanges(Map<String, Integer> switched)
      throws SQLException {
    var carried =
        shop.tables()
            .ask(Tables.OWNER, "select distinct mode from limit_change where state = 'applied'");
    for (var mode : switcher.modes()) {
      assertThat(switched).as("switched").containsKey(Switcher.success(mode));
      assertThat(carried).as("modes that carried changes").contains(mode);
    }
  }

  private List<Deed> load(
      List<String> customers, Map<String, Integer> killed, Map<String, Integer> switched)
      throws InterruptedException, ExecutionException {
    var stopped = new CountDownLatch(1);
    var threads = Executors.newFixedThreadPool(CLIENTS + 1);
    try {
      var clients = new ArrayList<Future<List<Deed>>>();
      for (int number = 1; number <= CLIENTS; number++) {
        var client =
            new Client(
                shop.client(), shop.url("customer-service"), customers, new Random(seed + number));
        clients.add(threads.submit(() -> goOn(client, stopped)));
      }
      var switches = threads.submit(() -> switcher.goOn(stopped));
      killed.putAll(new Killer(shop, victims, new Random(seed)).killFor(load, stopped));
      stopped.countDown();
      switched.putAll(switches.get());
      switched.forEach((what, times) -> System.out.printf("%6d  %s%n", times, what));
      var deeds = new ArrayList<Deed>();
      for (var client : clients) {
        deeds.addAll(client.get());
      }
      return deeds;
    } finally {
      stopped.countDown();
      threads.shutdownNow();
    }
  }

  private List<Deed> goOn(Client client, CountDownLatch stopped) throws InterruptedException {
    try {
      var deeds = new ArrayList<Deed>();
      boolean goesOn = true;
      while (goesOn) {
        var deed = client.doSomething();
        deeds.add(deed);
        var pause = deed.isAnswered() ? thinks() : PAUSE;
        goesOn = !stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
      return deeds;
    } finally {
      stopped.countDown(); // whoever fails stops all
    }
  }

  private static Map<String, Long> table(List<Deed> deeds) {
    return deeds.stream()
        .collect(Collectors.groupingBy(Deed::inWords, TreeMap::new, Collectors.counting()));
  }
}
