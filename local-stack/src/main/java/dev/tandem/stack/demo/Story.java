package dev.tandem.stack.demo;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import dev.tandem.stack.Waiting;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopCheck;
import dev.tandem.stack.shop.ShopClient;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The main job in one mode, with two faults in it. It is the same in every mode; what a mode may do
 * otherwise is noted as a fact, and what all must keep as evidence.
 */
final class Story {

  private static final String PENDING = "pendingLimit.amount";
  private static final Duration COMES_TO_STAND_WITHIN = Duration.ofSeconds(10);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);
  private static final int LOOKS = 150;
  private static final int LOOKS_AGAIN = 5;

  private final Stack stack;
  private final String mode;
  private final PrintWriter out;
  private final ShopClient shop;
  private final ShopCheck check;
  private final List<Evidence> evidence = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();

  Story(Stack stack, String mode, PrintWriter out) {
    this.stack = stack;
    this.mode = mode;
    this.out = out;
    this.shop = new ShopClient(url("customer-service"), url("order-service"));
    this.check = new ShopCheck(stack.addresses("customer-db"), stack.addresses("order-db"));
  }

  String mode() {
    return mode;
  }

  /** What the mode did, by the words for it. */
  Map<String, String> facts() {
    return facts;
  }

  List<Evidence> evidence() {
    return evidence;
  }

  void tell() throws SQLException, InterruptedException {
    creditLimitsAreKept();
    limitsChange();
    somebodyLooksMeanwhile();
    theBrokerIsKilled();
    var answers = orderServiceIsKilled();
    databasesAreChecked(answers);
  }

  private void creditLimitsAreKept() {
    chapter("A customer with a limit of 500.00, and orders up to it");
    var ada = customer("Ada", "500.00");
    expect("an order of 300.00", shop.placeOrder(ada, "300.00"), "orderState", "APPROVED");
    expect("an order of 200.00", shop.placeOrder(ada, "200.00"), "orderState", "APPROVED");
    var beyond = shop.placeOrder(ada, "0.01");
    expect("an order of 0.01 more", beyond, "rejectionReason", "INSUFFICIENT_CREDIT");
  }

  private void limitsChange() {
    chapter("Limits change, on both sides or on neither");
    var bob = customer("Bob", "100.00");
    var raised = shop.changeLimit(bob, 1, "800.00", null);
    expect("raise the limit to 800.00", raised, "creditLimit.amount", "800.00");
    long answered = System.nanoTime();
    int looks = 0;
    for (; !shop.credit(bob).text("limitVersion").equals("2"); looks++) {
      if (System.nanoTime() - answered > SETTLES_WITHIN.toNanos()) {
        throw new StackException("The copy did not take the new limit.");
      }
    }
    long late = (System.nanoTime() - answered) / 1_000_000;
    say("  The answer said: %s. The copy had it %d ms later.", state(raised), late);
    fact("a raised limit is answered with", state(raised));
    fact("the copy had it", looks == 0 ? "at the first look" : "at look %d".formatted(looks + 1));
    var big = shop.placeOrder(bob, "750.00");
    expect("an order of 750.00 then", big, "orderState", "APPROVED");
    var stale = shop.changeLimit(bob, 1, "900.00", null);
    expect("raise it again, from the old version", stale, "code", "stale-version");
    expect(
        "lower it to 600.00",
        shop.changeLimit(bob, 2, "600.00", null),
        "creditLimit.amount",
        "600.00");
    settle();
    expect("the credit then", shop.credit(bob), "overLimitBy.amount", "150.00");
    expect("an order of 1.00", shop.placeOrder(bob, "1.00"), "orderState", "REJECTED");
    expect("cancel the big one", shop.cancelOrder(big.text("orderId")), "orderState", "CANCELLED");
    expect("the order of 1.00 again", shop.placeOrder(bob, "1.00"), "orderState", "APPROVED");
  }

  private static String state(Answer change) {
    return change.status() + " " + change.header("consistency-state").orElse("");
  }

  private void somebodyLooksMeanwhile() {
    chapter("Somebody looks at a limit while it changes again and again");
    var gil = customer("Gil", "1000.00");
    int tentative = 0;
    try (var changes = new Attempts(shop, List.of(gil))) {
      for (int look = 0; look < LOOKS; look++) {
        var seen = shop.credit(gil);
        if (!seen.text(PENDING).isEmpty() && tentative++ == 0) {
          say(
              "  One look: limit %s, and %s pending; he may order for %s, the lower one.",
              seen.text("creditLimit.amount"), seen.text(PENDING), seen.text("available.amount"));
        }
      }
    }
    settle();
    say("  %d of %d looks fell into a moment in which a limit was tentative.", tentative, LOOKS);
    fact("a limit was seen before it was decided", tentative == 0 ? "never" : tentative + " times");
  }

  private void theBrokerIsKilled() {
    if (stack.addresses("broker").external()) {
      return; // it is somebody else's
    }
    chapter("The broker is killed (kill -9), and a limit is lowered from 100.00 to 10.00");
    var hal = customer("Hal", "100.00");
    stack.kill("broker");
    var lowered = shop.changeLimit(hal, 1, "10.00", null);
    var order = shop.placeOrder(hal, "100.00");
    say("  %-38s %s", "lower it", state(lowered));
    say("  %-38s %s", "an order of 100.00", order.text("orderState"));
    stack.start("broker");
    settle();
    var credit = shop.credit(hal);
    expect("the limit, with the broker back", credit, "creditLimit.amount", "10.00");
    fact("broker dead: a lowered limit", state(lowered));
    fact("broker dead: an order above it", order.text("orderState"));
    fact("with it back, the customer is over by", credit.text("overLimitBy.amount"));
  }

  private List<Answer> orderServiceIsKilled() throws InterruptedException {
    chapter("order-service is killed (kill -9) while four clients change limits");
    var names = List.of("Cid", "Dan", "Eve", "Fay");
    var customers = names.stream().map(name -> customer(name, "1000.00")).toList();
    List<Answer> answers;
    try (var clients = new Attempts(shop, customers)) {
      clients.awaitFlow();
      evidence.add(killInTheMiddleOfAChange("order-service", customers));
      say("  order-service is dead; the clients go on. It is started again.");
      stack.start("order-service");
      long healthy = System.nanoTime();
      answers = clients.stop();
      boolean settled = settle();
      say(
          settled
              ? "  Nothing was under way any more %.1f s after it was healthy again."
              : "  Something was still under way %.1f s after it was healthy again.",
          (System.nanoTime() - healthy) / 1e9);
    }
    say("  What the clients were told:");
    Attempts.table(answers).forEach((kind, count) -> say("    %-28s %s", kind, count));
    fact("order-service dead: a change is answered", byStatus(answers));
    return answers;
  }

  /**
   * A change that needs whoever is frozen comes to stand; so one is seen, and then it is killed.
   */
  private Evidence killInTheMiddleOfAChange(String part, List<String> customers) {
    var seen = new ArrayList<String>();
    stack.freeze(part);
    try {
      Waiting.until(COMES_TO_STAND_WITHIN, () -> seen.addAll(underWay(customers)));
    } finally {
      stack.kill(part);
    }
    var words = seen.isEmpty() ? "none was seen" : seen.get(0);
    say("  Under way at that moment, by SQL: %s.", words);
    return new Evidence(
        "a change was under way when %s died".formatted(part), !seen.isEmpty(), words);
  }

  private List<String> underWay(List<String> customers) {
    try {
      var theirs = check.of(Set.copyOf(customers));
      var open = theirs.nothingIsUnderWay().wrong();
      // where nothing is written down of a change before it takes place, half of it can be seen
      return open.isEmpty() ? theirs.noChangeIsHalfDone().wrong() : open;
    } catch (SQLException away) {
      throw new StackException("A database did not answer: " + away.getMessage(), away);
    }
  }

  private static String byStatus(List<Answer> answers) {
    return answers.stream()
        .collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(each -> each.getKey() + " x" + each.getValue())
        .collect(Collectors.joining(", "));
  }

  private boolean settle() {
    return Waiting.until(SETTLES_WITHIN, this::nothingIsUnderWay);
  }

  private boolean nothingIsUnderWay() {
    try {
      return check.nothingIsUnderWay().holds() && stack.unsettled().openActions() == 0;
    } catch (SQLException away) {
      throw new StackException("A database did not answer: " + away.getMessage(), away);
    }
  }

  void databasesAreChecked(List<Answer> answers) throws SQLException {
    chapter("Both databases, read by SQL");
    evidence.addAll(whatBothShow());
    evidence.add(check.acknowledgedTookPlace(ids(answers, 200, 200)));
    evidence.add(check.refusedDidNot(ids(answers, 400, 599)));
    for (var each : evidence) {
      say("  %-4s %-46s %s", each.holds() ? "ok" : "BAD", each.claim(), each.words());
    }
    long held = evidence.stream().filter(Evidence::holds).count();
    fact("afterwards, by SQL: checks that hold", held + " of " + evidence.size());
  }

  /**
   * A call that was given up may be served after all, by a service that has just started: then its
   * branch is there for a moment, until the coordinator puts it away.
   */
  private List<Evidence> whatBothShow() throws SQLException {
    var shown = check.all();
    for (int again = 0; again < LOOKS_AGAIN && showsSomethingUnderWay(shown); again++) {
      settle();
      shown = check.all();
    }
    return shown;
  }

  private static boolean showsSomethingUnderWay(List<Evidence> shown) {
    return shown.stream()
        .anyMatch(each -> !each.holds() && each.claim().equals("nothing is under way"));
  }

  private static List<String> ids(List<Answer> answers, int from, int to) {
    return answers.stream()
        .filter(answer -> answer.status() >= from && answer.status() <= to)
        .filter(answer -> !answer.text("code").equals("outcome-unknown"))
        .map(answer -> answer.text("changeId"))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  private String customer(String name, String limit) {
    var key = UUID.randomUUID().toString();
    var created = shop.createCustomer(name, limit, key);
    for (int tries = 1; isToBeRepeated(created) && tries < 5; tries++) {
      created = shop.createCustomer(name, limit, key);
    }
    if (created.status() != 201) {
      throw new StackException(
          "customer-service did not create a customer: "
              + created.inWords()
              + " "
              + created.body());
    }
    var customer = created.text("customerId");
    if (!Waiting.until(SETTLES_WITHIN, () -> shop.credit(customer).status() == 200)) {
      throw new StackException("The new customer did not reach order-service.");
    }
    say("  %-38s %s", name + " with a limit of " + limit, "201, on both sides");
    return customer;
  }

  /**
   * Refused and undone, as it says; or left open, and then there is one more who orders nothing.
   */
  private static boolean isToBeRepeated(Answer created) {
    return created.status() == 503 || created.status() == 202;
  }

  private void expect(String what, Answer answer, String path, String wanted) {
    var got = answer.text(path);
    boolean asWanted = got.equals(wanted);
    say(
        "  %-38s %s, %s %s%s",
        what, answer.inWords(), path, got, asWanted ? "" : "   <-- should be " + wanted);
    if (!asWanted) {
      evidence.add(new Evidence(what + " is answered " + wanted, false, answer.body().toString()));
    }
  }

  private void fact(String what, String seen) {
    facts.put(what, seen.strip());
  }

  private String url(String service) {
    return Objects.requireNonNull(stack.addresses(service).url());
  }

  private void chapter(String title) {
    out.println();
    say("%s", title);
  }

  private void say(String sentence, Object... values) {
    out.println(String.format(Locale.ROOT, sentence, values));
    out.flush();
  }
}
