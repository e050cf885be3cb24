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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tells the story on a running stack. Every sentence that it prints as true, it has checked. */
public final class Demo {

  private static final String COMPENSATION = "lra";
  private static final String PENDING = "pendingLimit.amount";
  private static final Map<String, String> WHAT_IT_DOES =
      Map.of(
          "xa",
          "Two-phase commit: nobody sees a limit before both databases have it.",
          COMPENSATION,
          "Compensation: each service commits at once, and both are completed or both taken back.",
          "besteffort",
          "One commit after the other, and no promise: the checks below may fail.");
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);

  private final Stack stack;
  private final PrintWriter out;
  private final ShopClient shop;
  private final ShopCheck check;
  private final List<Evidence> evidence = new ArrayList<>();

  public Demo(Stack stack, PrintWriter out) {
    this.stack = stack;
    this.out = out;
    this.shop = new ShopClient(url("customer-service"), url("order-service"));
    this.check = new ShopCheck(stack.addresses("customer-db"), stack.addresses("order-db"));
  }

  /**
   * @return whether every check held
   */
  public boolean tell() throws SQLException, InterruptedException {
    say("Mode %s. %s", stack.mode(), WHAT_IT_DOES.getOrDefault(stack.mode(), ""));
    creditLimitsAreKept();
    limitsChange();
    if (stack.mode().equals(COMPENSATION)) {
      aLimitIsTentative();
    }
    var answers = orderServiceIsKilled();
    databasesAreChecked(answers);
    return evidence.stream().allMatch(Evidence::holds);
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
    var big = shop.placeOrder(bob, "750.00");
    expect("an order of 750.00 at once", big, "orderState", "APPROVED");
    var stale = shop.changeLimit(bob, 1, "900.00", null);
    expect("raise it again, from the old version", stale, "code", "stale-version");
    expect("lower it to 600.00", shop.changeLimit(bob, 2, "600.00", null), "state", "applied");
    expect("the credit now", shop.credit(bob), "overLimitBy.amount", "150.00");
    expect("an order of 1.00", shop.placeOrder(bob, "1.00"), "orderState", "REJECTED");
    expect("cancel the big one", shop.cancelOrder(big.text("orderId")), "orderState", "CANCELLED");
    expect("the order of 1.00 again", shop.placeOrder(bob, "1.00"), "orderState", "APPROVED");
  }

  private void aLimitIsTentative() {
    chapter("Mode lra only: a limit can be seen before it is in force, and the lower one counts");
    var gil = customer("Gil", "1000.00");
    try (var changes = new Attempts(shop, List.of(gil))) {
      var looks = new ArrayList<Answer>();
      say("  Gil's limit is raised again and again, and somebody looks at his credit.");
      if (Waiting.until(
          SEEN_WITHIN, () -> looks.add(shop.credit(gil)) && isTentative(last(looks)))) {
        var seen = last(looks);
        expect("look " + looks.size(), seen, "creditLimit.amount", text(seen, "creditLimit"));
        expect("at the same time", seen, PENDING, text(seen, "pendingLimit"));
        expect("what he may order", seen, "available.amount", text(seen, "creditLimit"));
      } else {
        say("  None of %d looks fell into a moment in which a change was open.", looks.size());
      }
    }
    settle();
  }

  private static boolean isTentative(Answer credit) {
    return !credit.text(PENDING).isEmpty();
  }

  private static String text(Answer credit, String what) {
    return credit.text(what + ".amount");
  }

  private static Answer last(List<Answer> looks) {
    return looks.get(looks.size() - 1);
  }

  private boolean settle() {
    return Waiting.until(SETTLES_WITHIN, this::nothingIsUnderWay);
  }

  private List<Answer> orderServiceIsKilled() throws InterruptedException {
    chapter("order-service is killed (kill -9) while four clients change limits");
    var names = List.of("Cid", "Dan", "Eve", "Fay");
    var customers = names.stream().map(name -> customer(name, "1000.00")).toList();
    List<Answer> answers;
    try (var clients = new Attempts(shop, customers)) {
      clients.awaitFlow();
      stack.kill("order-service");
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
    return answers;
  }

  private boolean nothingIsUnderWay() {
    try {
      return check.nothingIsUnderWay().holds() && stack.unsettled().openActions() == 0;
    } catch (SQLException away) {
      throw new StackException("A database did not answer: " + away.getMessage(), away);
    }
  }

  private void databasesAreChecked(List<Answer> answers) throws SQLException {
    chapter("Both databases, read by SQL");
    evidence.addAll(check.all());
    evidence.add(check.acknowledgedTookPlace(ids(answers, 200, 200)));
    evidence.add(check.refusedDidNot(ids(answers, 400, 599)));
    for (var each : evidence) {
      say("  %-4s %-46s %s", each.holds() ? "ok" : "BAD", each.claim(), each.words());
    }
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
    var created = shop.createCustomer(name, limit);
    for (int tries = 1; isToBeRepeated(created) && tries < 5; tries++) {
      created = shop.createCustomer(name, limit);
    }
    if (created.status() != 201) {
      throw new StackException(
          "customer-service did not create a customer: "
              + created.inWords()
              + " "
              + created.body());
    }
    say("  %-38s %s", name + " with a limit of " + limit, "201, on both sides");
    return created.text("customerId");
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
