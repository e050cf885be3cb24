package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackSettings;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopCheck;
import dev.tandem.stack.shop.ShopClient;
import dev.tandem.stack.steps.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** The whole shop on processes of its own. Its logs stay under {@code target/system}. */
public final class RunningShop implements AutoCloseable {
  public static final List<String> SERVICES =
      List.of("tx-coordinator", "customer-service", "order-service");

  private static final Duration WARM_WITHIN = Duration.ofSeconds(60);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(10);
  private static final int WARM_CHANGES = 3;

  /** The services are started again and again here: the quick compiler alone takes less time. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final String BELOW_EXPOSURE = "-Dtandem.credit.below-exposure=";
  private static final String VETO = "reject";

  static {
    // Most of what is waited for has happened by then: not a tenth of a second each time.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  /** Something that is wrong with a part until it is closed. */
  public interface Fault extends AutoCloseable {
    @Override
    void close();
  }

  private final Rules rules;
  private final Stack stack;
  private final ShopClient client;
  private final Tables tables;
  private String belowExposure = VETO;

  private RunningShop(Rules rules, Stack stack) {
    this.rules = rules;
    this.stack = stack;
    this.client = new ShopClient(url("customer-service"), url("order-service"));
    this.tables = new Tables(stack);
  }

  /**
   * Starts it on fresh data, in the first of the modes; returns when changes are carried out.
   *
   * @param name of its folder; no other shop that runs has it
   */
  static RunningShop up(String name, List<String> modes) {
    var home = Path.of("target", "system", name).toAbsolutePath();
    var rules = new Rules(home.resolveSibling(name + "-rules"));
    var stack = Stack.tiedToThisJvm(settings(modes, home, rules), (part, what) -> {});
    stack.up(true);
    var shop = new RunningShop(rules, stack);
    shop.warmUp();
    return shop;
  }

  private static StackSettings settings(List<String> modes, Path home, Rules rules) {
    var here = Path.of("").toAbsolutePath();
    var environment = new HashMap<>(System.getenv());
    environment.put("TANDEM_HOME", home.toString());
    environment.put("TANDEM_PORTS", "free");
    environment.put("TANDEM_POSTGRESQL_FOLDER", here.resolve("target/postgresql").toString());
    environment.put("TANDEM_CONSISTENCY_MODE", modes.get(0));
    environment.put("TANDEM_CONSISTENCY_ENABLED", String.join(",", modes));
    for (var service : SERVICES) {
      environment.put(
          "TANDEM_" + service.toUpperCase(Locale.ROOT).replace('-', '_') + "_JAVA_OPTS",
          javaOptions(service, rules, VETO));
    }
    return StackSettings.of(here.resolveSibling(""), environment);
  }

  private static String javaOptions(String service, Rules rules, String belowExposure) {
    return String.join(
        " ", rules.javaOptions(service), QUICK_START, BELOW_EXPOSURE + belowExposure);
  }

  /**
   * Sees to it that changes are carried in this mode. What the coordinator has not written yet is
   * that decisions were delivered: it would deliver them again after a kill, when the tests have
   * emptied the tables that tell it that nothing is to be done.
   */
  void changeTo(String mode) {
    if (!stack.mode().equals(mode)) {
      awaitNothingUnderWay();
      stack.switchTo(mode, "the tests");
      var waiting = internalUrl("tx-coordinator") + "/actuator/metrics/tandem.xa.log.waiting";
      await("the coordinator's log on disk")
          .atMost(SETTLES_WITHIN)
          .until(
              () ->
                  client
                      .send("GET", waiting, "", Map.of())
                      .text("measurements.0.value")
                      .equals("0.0"));
    }
  }

  public Stack stack() {
    return stack;
  }

  /** The steps at which a change can be made to stand in this shop. */
  public Rules rules() {
    return rules;
  }

  public ShopClient client() {
    return client;
  }

  public Tables tables() {
    return tables;
  }

  public ShopCheck check() {
    return new ShopCheck(stack.addresses(Tables.OWNER), stack.addresses(Tables.COPY));
  }

  /** The part's public address. */
  public String url(String part) {
    return Objects.requireNonNull(stack.addresses(part).url());
  }

  String internalUrl(String part) {
    return Objects.requireNonNull(stack.addresses(part).internalUrl());
  }

  /** A customer, on both sides. */
  public String newCustomer(String limit) {
    var customer =
        carriedOut(key -> client.createCustomer("Ada", limit, key), 201).text("customerId");
    await("the copy's account")
        .atMost(SETTLES_WITHIN)
        .pollDelay(Duration.ZERO)
        .until(() -> client.credit(customer).status() == 200);
    return customer;
  }

  /** A change of the limit that takes place, for a test whose subject is what comes after it. */
  public Answer limitChanged(String customer, long version, String limit) {
    return carriedOut(key -> client.changeLimit(customer, version, limit, key), 200);
  }

  /**
   * As a client does who wants the end: the same key until the verdict. On a busy machine the first
   * answer may be that nothing was done, or that the end is not known yet.
   */
  private static Answer carriedOut(Function<String, Answer> call, int verdict) {
    var key = UUID.randomUUID().toString();
    return await("a change that takes place")
        .atMost(SETTLES_WITHIN)
        .until(() -> call.apply(key), answer -> answer.status() == verdict);
  }

  /** An order that is within its customer's limit. */
  public String approvedOrder(String customer, String total) {
    var placed = client.placeOrder(customer, total);
    assertThat(placed.text("orderState")).as(placed.body().toString()).isEqualTo("APPROVED");
    return placed.text("orderId");
  }

  /** kill -9; healed, the part runs again and changes are carried out. */
  Fault killed(String part) {
    stack.kill(part);
    return () -> {
      start(part);
      warmUp();
    };
  }

  /** A part whose clock stands still. */
  Fault frozen(String part) {
    stack.freeze(part);
    return () -> stack.thaw(part);
  }

  /** Starts what was killed, and does not wait until it is warm. */
  public void start(String part) {
    if (SERVICES.contains(part)) {
      stack.start(part, javaOptions(part, rules, belowExposure));
    } else {
      stack.start(part);
    }
  }

  /** Sees to it that order-service runs with {@code tandem.credit.below-exposure} set to this. */
  public void ordersBelowExposure(String wanted) {
    if (!belowExposure.equals(wanted)) {
      belowExposure = wanted;
      killed("order-service").close();
    }
  }

  /** Returns when no branch is prepared, no limit is tentative and no action is open any more. */
  public void awaitNothingUnderWay() {
    awaitNothingUnderWay(SETTLES_WITHIN);
  }

  /** The same, with more patience. */
  public void awaitNothingUnderWay(Duration within) {
    await("nothing under way")
        .atMost(within)
        .untilAsserted(
            () -> {
              assertThat(check().nothingIsUnderWay()).matches(Evidence::holds, "holds");
              assertThat(stack.unsettled().openActions()).as("open actions").isZero();
            });
  }

  /** A JVM's first answers are slow enough to be refused; what is tested here is a warm shop. */
  public void warmUp() {
    var customer =
        await("a customer without any fault")
            .atMost(WARM_WITHIN)
            .until(
                () -> client.createCustomer("Warm", "100.00", null), made -> made.status() == 201)
            .text("customerId");
    for (int changes = 0; changes < WARM_CHANGES; changes++) {
      await("a change without any fault").atMost(WARM_WITHIN).until(() -> isChanged(customer));
      await("an order without any fault")
          .atMost(WARM_WITHIN)
          .until(() -> client.placeOrder(customer, "1.00").status() == 201);
    }
  }

  private boolean isChanged(String customer) {
    var version = client.customer(customer).version();
    return client.changeLimit(customer, version, "100.00", null).status() == 200;
  }

  /** Messages that order-service could not take. */
  long deadLetters() {
    var lanes = internal("GET", internalUrl("order-service") + "/internal/event/lanes", "");
    return Long.parseLong(lanes.text("deadLetters"));
  }

  /** The service token, as internal calls carry it. */
  String authorization() {
    return "Bearer " + stack.serviceToken();
  }

  /** Any call of the internal listeners, with the token. */
  Answer internal(String method, String url, String body) {
    return client.send(method, url, body, Map.of("Authorization", authorization()));
  }

  @Override
  public void close() {
    stack.close();
  }
}
