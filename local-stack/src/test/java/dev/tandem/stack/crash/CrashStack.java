package dev.tandem.stack.crash;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackSettings;
import dev.tandem.stack.crash.Cell.Wish;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopCheck;
import dev.tandem.stack.shop.ShopClient;
import dev.tandem.stack.steps.ArmedStep;
import dev.tandem.stack.steps.Rules;
import dev.tandem.stack.system.RunningShop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The whole shop, each service with the rules loaded. Its logs stay under {@code target/crash}. */
final class CrashStack implements AutoCloseable {
  static final List<String> SERVICES =
      List.of("tx-coordinator", "customer-service", "order-service");

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /**
   * Its time limit is 4 s, and the coordinator repeats what fails every 2 s. A pool that has found
   * its database away looks for it again after up to as long as it has been away.
   */
  private static final Duration LIMIT_OF_AN_ACTION = Duration.ofSeconds(15);

  private static final Duration WARM_WITHIN = Duration.ofSeconds(60);
  private static final int WARM_CHANGES = 3;
  private static final String VETOES = " -Dtandem.credit.below-exposure=reject ";

  private final boolean own;
  private final String mode;
  private final Rules rules;
  private final Stack stack;
  private final ShopClient client;
  private final TwoDatabases databases;

  private CrashStack(Rules rules, Stack stack, boolean own) {
    this.own = own;
    this.mode = stack.mode();
    this.rules = rules;
    this.stack = stack;
    this.client = new ShopClient(url("customer-service"), url("order-service"));
    this.databases = new TwoDatabases(stack);
  }

  /**
   * Starts it on fresh data.
   *
   * @param name of the folder for data and logs
   */
  static CrashStack up(String name, String mode) {
    var folder = Path.of("target", "crash", name).toAbsolutePath();
    var rules = new Rules(folder);
    var stack = Stack.tiedToThisJvm(settings(folder, rules, mode), (part, what) -> {});
    stack.up(true);
    return new CrashStack(rules, stack, true);
  }

  /** One that others use, too, and that is not to be closed here. */
  static CrashStack of(RunningShop shop) {
    return new CrashStack(shop.rules(), shop.stack(), false);
  }

  private static StackSettings settings(Path folder, Rules rules, String mode) {
    var root = Path.of("").toAbsolutePath().resolveSibling("");
    var environment = new HashMap<>(System.getenv());
    environment.put("TANDEM_HOME", folder.resolve("home").toString());
    environment.put("TANDEM_PORTS", "free");
    environment.put(
        "TANDEM_POSTGRESQL_FOLDER", Path.of("target", "postgresql").toAbsolutePath().toString());
    environment.put("TANDEM_CONSISTENCY_MODE", mode);
    environment.put("TANDEM_CONSISTENCY_ENABLED", mode);
    for (var service : SERVICES) {
      var variable = "TANDEM_" + service.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
      environment.put(variable + "_JAVA_OPTS", rules.javaOptions(service) + VETOES);
      environment.put(variable + "_ARGS", "--logging.level.dev.tandem=debug");
    }
    return StackSettings.of(root, environment);
  }

  Stack parts() {
    return stack;
  }

  ShopClient client() {
    return client;
  }

  TwoDatabases databases() {
    return databases;
  }

  ShopCheck check() {
    return new ShopCheck(stack.addresses(TwoDatabases.OWNER), stack.addresses(TwoDatabases.COPY));
  }

  ArmedStep arm(Step step) {
    return rules.arm(step.sign());
  }

  /** Starts whatever is missing, and returns when changes are carried out again. */
  void heal() {
    Stack.partNames().forEach(stack::start);
    var customer = newCustomer("warm");
    for (int version = 1; version <= WARM_CHANGES; version++) {
      changeUntilDone(customer, version);
    }
  }

  private void changeUntilDone(String customer, int version) {
    await("a change without any fault")
        .atMost(WARM_WITHIN)
        .until(
            () ->
                client.changeLimit(customer, version, "1" + version + ".00", null).status() == 200
                    || client.customer(customer).version() > version);
  }

  /** A customer with a limit of 100.00, on both sides. */
  String newCustomer(String name) {
    return await("a new customer")
        .atMost(WARM_WITHIN)
        .until(() -> client.createCustomer(name, "100.00", null), made -> made.status() == 201)
        .text("customerId");
  }

  /** One whose limit can be changed so. */
  String newCustomerFor(Wish wish) {
    var customer = newCustomer("Ada");
    if (wish == Wish.VETOED) {
      await("an order")
          .atMost(WARM_WITHIN)
          .until(() -> client.placeOrder(customer, "80.00").text("orderState").equals("APPROVED"));
    }
    return customer;
  }

  Answer change(String customer, Wish wish, String key) {
    return client.changeLimit(customer, 1, wish.limit(), key);
  }

  /** How long anything may take, from the moment when all parts are healthy again. */
  Duration limit() {
    return mode.equals("lra") ? LIMIT_OF_AN_ACTION : LIMIT;
  }

  /** How often order-service has answered this callback since it was started. */
  long callbacks(String callback) {
    var uri = "uri:/internal/lra/%7Buid%7D/" + callback;
    var answer =
        client.send(
            "GET",
            url("order-service") + "/actuator/metrics/http.server.requests?tag=" + uri,
            "",
            Map.of());
    return answer.body().at("/measurements/0/value").asLong(0);
  }

  private String url(String service) {
    return Objects.requireNonNull(stack.addresses(service).url());
  }

  @Override
  public void close() {
    if (own) {
      stack.close();
    }
  }
}
