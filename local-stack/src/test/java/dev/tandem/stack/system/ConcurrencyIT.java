package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clients, few customers: orders, cancels and limits that go up and down, all at once. */
@InMode("xa")
class ConcurrencyIT {
  private static final int CLIENTS = 16;
  private static final int CUSTOMERS = 4;
  private static final int WARM_ANSWERS = 500;

  private final RunningShop shop;
  private final long seed = Long.getLong("tandem.test.seed", System.nanoTime());

  ConcurrencyIT(RunningShop shop) {
    this.shop = shop;
  }

  /** The short form for every build. */
  Duration time() {
    return Duration.ofSeconds(5);
  }

  @BeforeEach
  void openAWarmShop() throws Exception {
    shop.ordersBelowExposure("allow");
    try (var crowd = new Crowd(clients(0))) {
      crowd.awaitAnswers(WARM_ANSWERS); // it may have been started just now
      crowd.stop();
    }
    shop.tables().empty();
  }

  @AfterEach
  void forgetAll() throws Exception {
    shop.tables().empty();
  }

  @Test
  void noOrderIsBeyondItsLimitAndNoneIsLost() throws Exception {
    System.out.println("tandem.test.seed=" + seed);
    var deadlocks = shop.tables().deadlocks();

    List<Answer> answers;
    try (var crowd = new Crowd(clients(seed))) {
      crowd.goOnFor(time());
      answers = crowd.stop();
    }

    var table = table(answers);
    table.forEach((kind, count) -> System.out.printf("%6d  %s%n", count, kind));
    assertThat(table.keySet())
        .as("5xx or no answer, seed " + seed)
        .noneMatch(kind -> kind.startsWith("5") || kind.equals("no answer"));
    assertThat(table).as("all that should happen did").containsKeys("APPROVED", "REJECTED");
    assertThat(table).containsKeys("CANCELLED", "limit applied");
    assertThat(shop.tables().deadlocks()).as("deadlocks, seed " + seed).isEqualTo(deadlocks);
    for (var evidence : shop.check().all()) {
      System.out.println(evidence);
      BrokenPromise.unless(evidence);
    }
    var changes =
        answers.stream()
            .filter(answer -> answer.status() == 200 && !answer.text("changeId").isEmpty())
            .map(answer -> answer.text("changeId"))
            .toList();
    BrokenPromise.unless(shop.check().acknowledgedTookPlace(changes));
    BrokenPromise.unless(shop.check().refusedDidNot(refusedChanges(answers)));
    assertThat(shop.tables().ask(Tables.COPY, "select order_id from orders"))
        .as("every order that was answered is stored, and no other")
        .containsExactlyInAnyOrderElementsOf(orders(answers));
  }

  private static List<String> refusedChanges(List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.status() >= 400 && !answer.text("changeId").isEmpty())
        .map(answer -> answer.text("changeId"))
        .toList();
  }

  private List<Callable<Answer>> clients(long firstSeed) {
    var customers = Stream.generate(() -> shop.newCustomer("300.00")).limit(CUSTOMERS).toList();
    return LongStream.range(firstSeed, firstSeed + CLIENTS)
        .<Callable<Answer>>mapToObj(
            each -> new Customer(shop.client(), customers, new Random(each))::doSomething)
        .toList();
  }

  private static Map<String, Long> table(List<Answer> answers) {
    return answers.stream()
        .collect(Collectors.groupingBy(ConcurrencyIT::kind, TreeMap::new, Collectors.counting()));
  }

  private static String kind(Answer answer) {
    if (answer.status() >= 300 || answer.status() == Answer.NONE) {
      return answer.inWords();
    }
    return answer.text("orderState").isEmpty()
        ? "limit " + answer.text("state")
        : answer.text("orderState");
  }

  private static List<String> orders(List<Answer> answers) {
    return answers.stream()
        .map(answer -> answer.text("orderId"))
        .filter(id -> !id.isEmpty())
        .distinct()
        .toList();
  }

  /** Half of what it does is orders, a quarter cancels, a quarter limits. */
  private static final class Customer {
    private final ShopClient client;
    private final List<String> customers;
    private final Random random;
    private final Deque<String> open = new ArrayDeque<>();

    Customer(ShopClient client, List<String> customers, Random random) {
      this.client = client;
      this.customers = customers;
      this.random = random;
    }

    Answer doSomething() {
      var customer = customers.get(random.nextInt(customers.size()));
      return switch (random.nextInt(4)) {
        case 0 -> changeLimit(customer);
        case 1 -> open.isEmpty() ? placeOrder(customer) : client.cancelOrder(open.remove());
        default -> placeOrder(customer);
      };
    }

    private Answer changeLimit(String customer) {
      var version = client.customer(customer).version();
      return client.changeLimit(customer, version, random.nextInt(500) + ".50", null);
    }

    private Answer placeOrder(String customer) {
      var placed = client.placeOrder(customer, 1 + random.nextInt(60) + ".25");
      if (placed.text("orderState").equals("APPROVED")) {
        open.add(placed.text("orderId"));
      }
      return placed;
    }
  }
}
