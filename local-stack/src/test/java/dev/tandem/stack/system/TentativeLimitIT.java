package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopClient;
import dev.tandem.stack.steps.ArmedStep;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What compensation allows beyond two-phase commit: while a change is open, its limit can be seen
 * and counts for orders if it is the lower one. Each change here stands still just before it is
 * decided.
 */
@InMode("lra")
class TentativeLimitIT {
  private static final Duration STANDS_WITHIN = Duration.ofSeconds(10);

  /** Half of the default of {@code tandem.lra.time-limit}: later it is not closed any more. */
  private static final Duration CLOSABLE = Duration.ofSeconds(2);

  private static final int ATTEMPTS = 5;

  private record Changed(String customer, Duration stood, Answer answer) {}

  private final RunningShop shop;
  private final ShopClient client;

  TentativeLimitIT(RunningShop shop) {
    this.shop = shop;
    this.client = shop.client();
  }

  @BeforeEach
  void orderServiceVetoesLimitsBelowTheExposure() {
    shop.ordersBelowExposure("reject");
  }

  @AfterEach
  void everythingIsOverAndForgotten() throws Exception {
    shop.awaitNothingUnderWay();
    for (var evidence : shop.check().all()) {
      assertThat(evidence).matches(Evidence::holds, "holds");
    }
    shop.tables().empty();
  }

  @Test
  void aHigherLimitIsSeenAndDoesNotCountBeforeItIsInForce() {
    var changed =
        inTime(
            "250.00",
            customer -> {
              var credit = client.credit(customer);
              assertThat(credit.text("creditLimit.amount")).isEqualTo("100.00");
              assertThat(credit.text("limitVersion")).isEqualTo("1");
              assertThat(credit.text("pendingLimit.amount")).isEqualTo("250.00");
              assertThat(credit.text("available.amount")).isEqualTo("100.00");
              assertThat(client.customer(customer).text("creditLimit.amount")).isEqualTo("100.00");
              assertThat(order(customer, "100.01")).isEqualTo("REJECTED");
              assertThat(order(customer, "100.00")).isEqualTo("APPROVED");
            });

    assertThat(changed.answer().header("consistency-mode")).hasValue("lra");
    assertThat(changed.answer().header("consistency-state")).hasValue("committed");
    assertThat(client.credit(changed.customer()).body().has("pendingLimit")).isFalse();
    assertThat(order(changed.customer(), "150.00")).isEqualTo("APPROVED");
  }

  @Test
  void aLowerLimitCountsBeforeItIsInForce() {
    var changed =
        inTime(
            "30.00",
            customer -> {
              assertThat(client.credit(customer).text("available.amount")).isEqualTo("30.00");
              assertThat(order(customer, "30.01")).isEqualTo("REJECTED");
              var approved = client.placeOrder(customer, "30.00");
              assertThat(approved.text("orderState")).isEqualTo("APPROVED");
              assertThat(trace(approved).text("decision.creditLimit.amount")).isEqualTo("100.00");
              assertThat(trace(approved).text("decision.pendingLimit.amount")).isEqualTo("30.00");
            });

    assertThat(client.credit(changed.customer()).text("available.amount")).isEqualTo("0.00");
  }

  @Test
  void untilTheEndIsKnownEveryOtherChangeOfTheLimitIsRefused() {
    var changed =
        inTime(
            "250.00",
            customer ->
                assertThat(client.changeLimit(customer, 1, "300.00", null).inWords())
                    .isEqualTo("409 change-in-progress"));

    assertThat(client.changeLimit(changed.customer(), 2, "300.00", null).status()).isEqualTo(200);
  }

  @Test
  void aLimitThatIsTakenBackLeavesTheOldOneAsItWas() {
    var changed =
        change(
            "30.00",
            customer -> {
              assertThat(order(customer, "30.01")).isEqualTo("REJECTED");
              await().pollDelay(CLOSABLE).atMost(STANDS_WITHIN).until(() -> true);
            });

    var answer = changed.answer();
    assertThat(answer.inWords()).isEqualTo("503 rolled-back");
    assertThat(answer.header("consistency-state")).hasValue("compensated");
    var told = client.limitChange(answer.text("changeId"));
    assertThat(told.text("state")).isEqualTo("compensated");
    assertThat(told.header("consistency-state")).hasValue("compensated");
    var customer = changed.customer();
    assertThat(client.credit(customer).text("creditLimit.amount")).isEqualTo("100.00");
    assertThat(client.credit(customer).text("limitVersion")).isEqualTo("1");
    assertThat(client.customer(customer).version()).isEqualTo(1);
    assertThat(order(customer, "100.00")).isEqualTo("APPROVED");
  }

  @Test
  void aVetoedChangeIsTakenBackFromTheOwnerAndLeavesTheLimitAsItWas() {
    var customer = shop.newCustomer("100.00");
    shop.approvedOrder(customer, "80.00");

    var vetoed = client.changeLimit(customer, 1, "79.99", null);

    assertThat(vetoed.inWords()).isEqualTo("409 below-exposure");
    assertThat(vetoed.header("consistency-state")).hasValue("compensated");
    assertThat(client.limitChange(vetoed.text("changeId")).text("state")).isEqualTo("compensated");
    assertThat(client.customer(customer).version()).isEqualTo(1);
    assertThat(client.credit(customer).text("limitVersion")).isEqualTo("1");
    assertThat(client.credit(customer).text("available.amount")).isEqualTo("20.00");
  }

  @Test
  void anOperatorSeesTheOpenActionAndTheChangeThatWaits() {
    change(
        "250.00",
        customer -> {
          assertThat(shop.stack().unsettled().openActions()).isEqualTo(1);
          assertThat(historyOf(customer).text("items.1.state")).isEqualTo("pending");
          try (var frozen = shop.frozen("tx-coordinator")) {
            assertThat(shop.stack().unsettled().openActions())
                .as("as the databases say")
                .isEqualTo(1);
          }
        });

    shop.awaitNothingUnderWay();
  }

  /** A change that takes place although it has stood. */
  private Changed inTime(String limit, Consumer<String> meanwhile) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var changed = change(limit, meanwhile);
      if (changed.stood().compareTo(CLOSABLE) < 0 || changed.answer().status() == 200) {
        assertThat(changed.answer().status()).as(changed.toString()).isEqualTo(200);
        return changed;
      }
    }
    throw new AssertionError("this machine is too busy to do it within " + CLOSABLE);
  }

  /** Carries a change of a limit of 100.00 out; while it stands, does this with its customer. */
  private Changed change(String limit, Consumer<String> meanwhile) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var customer = shop.newCustomer("100.00");
      try (ArmedStep step = shop.rules().arm("both-are-pending")) {
        long sent = System.nanoTime();
        var answer =
            CompletableFuture.supplyAsync(() -> client.changeLimit(customer, 1, limit, null));
        await("the change stands, or went another way")
            .atMost(STANDS_WITHIN)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> step.proof().isPresent() || answer.isDone());
        boolean stands = isPendingOnBothSides(customer);
        if (stands) {
          meanwhile.accept(customer);
        }
        step.release();
        var stood = Duration.ofNanos(System.nanoTime() - sent);
        var changed = new Changed(customer, stood, answer.join());
        if (stands) {
          return changed;
        }
      }
    }
    throw new AssertionError("no change came to stand with both sides pending");
  }

  /**
   * A change that stands at the step has asked both; on a busy machine one may not have done it.
   */
  private boolean isPendingOnBothSides(String customer) {
    return historyOf(customer).text("items.1.state").equals("pending")
        && client.credit(customer).body().has("pendingLimit");
  }

  private Answer historyOf(String customer) {
    return client.send(
        "GET",
        shop.url("customer-service") + "/customers/" + customer + "/creditlimit/history",
        "",
        Map.of());
  }

  private String order(String customer, String total) {
    return client.placeOrder(customer, total).text("orderState");
  }

  private Answer trace(Answer order) {
    return client.send(
        "GET",
        shop.url("order-service") + "/orders/" + order.text("orderId") + "/trace",
        "",
        Map.of());
  }
}
