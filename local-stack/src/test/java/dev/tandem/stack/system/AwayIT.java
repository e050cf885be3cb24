package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A part is away, stands still, or has left a branch in doubt: what still works, and how fast. */
@InMode("xa")
class AwayIT {
  private static final Duration IN_TIME = Duration.ofSeconds(3);
  private static final Duration IN_TIME_WHILE_FROZEN = Duration.ofMillis(3_500);
  private static final Duration IN_DOUBT_IN_TIME = Duration.ofSeconds(1);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(5);
  private static final int PILE = 50;

  private final RunningShop shop;
  private final ShopClient client;

  AwayIT(RunningShop shop) {
    this.shop = shop;
    this.client = shop.client();
  }

  @BeforeEach
  @AfterEach
  void forgetAll() throws Exception {
    shop.tables().empty();
  }

  @Test
  void withoutTheCoordinatorChangesAreRefusedInTimeNothingIsLockedAndOrdersGoOn() throws Exception {
    var customer = shop.newCustomer("100.00");
    var before = shop.tables().contents();
    try (var away = shop.killed("tx-coordinator")) {
      for (var refused :
          List.of(
              client.changeLimit(customer, 1, "200.00", null),
              client.changeLimit(customer, 1, "200.00", "while-away"),
              client.createCustomer("Bob", "100.00", null))) {
        assertThat(refused.inWords()).isEqualTo("503 part-away");
        assertThat(refused.header("retry-after")).isPresent();
        assertThat(refused.took()).isLessThan(IN_TIME);
      }

      assertNothingIsLeftOver(customer);
      BrokenPromise.unless(shop.tables().unchangedSince(before));
      var order = shop.approvedOrder(customer, "60.00");
      shop.approvedOrder(customer, "40.00");
      assertThat(client.cancelOrder(order).text("orderState")).isEqualTo("CANCELLED");
    }
    assertThat(client.changeLimit(customer, 1, "200.00", "while-away").status())
        .as("the same key, once it is back")
        .isEqualTo(200);
    allHolds();
  }

  @Test
  void aCoordinatorThatStandsStillInAStreamOfChangesIsNotWaitedForAndLosesNothing()
      throws Exception {
    var steps = new ArrayList<Callable<Answer>>();
    for (int number = 0; number < 4; number++) {
      var customer = shop.newCustomer("100.00");
      steps.add(
          () -> client.changeLimit(customer, client.customer(customer).version(), "200.00", null));
    }
    var bystander = shop.newCustomer("100.00");
    List<Answer> answers;
    try (var crowd = new Crowd(steps)) {
      crowd.awaitAnswers(20);
      try (var frozen = shop.frozen("tx-coordinator")) {
        crowd.awaitAnswers(8);
        assertThat(client.changeLimit(bystander, 1, "200.00", null).inWords())
            .isEqualTo("503 part-away");
        shop.approvedOrder(bystander, "1.00");
      }
      crowd.awaitAnswers(20);
      answers = crowd.stop();
    }

    assertThat(answers).extracting(Answer::status).doesNotContain(Answer.NONE, 500);
    assertThat(answers)
        .extracting(Answer::took)
        .allMatch(took -> took.compareTo(IN_TIME_WHILE_FROZEN) < 0);
    assertThat(answers).extracting(Answer::status).as("in the middle of it").contains(200);
    assertThat(answers).anyMatch(answer -> answer.status() == 202 || answer.status() == 503);
    await("everything is resolved").atMost(SETTLES_WITHIN).until(() -> everyAnswerIsTrue(answers));
    allHolds();
  }

  @Test
  void aBranchInDoubtHoldsUpNobodyButItsCustomer() throws Exception {
    var locked = shop.newCustomer("100.00");
    var other = shop.newCustomer("1000.00");
    var third = shop.newCustomer("100.00");
    var undisturbed = placeOrders(other, 20);
    try (var doubt = shop.tables().preparedByHand(Tables.COPY, lock(locked))) {
      assertIsInDoubt(client.placeOrder(locked, "1.00"));

      for (int round = 1; round <= 2; round++) {
        var pile = pileOrders(locked);
        var beside = placeOrders(other, 20);
        assertThat(client.changeLimit(third, round, "20" + round, null).inWords()).isEqualTo("200");
        assertIsInDoubt(pile.get());
        System.out.printf(
            "median order of others: %s alone, %s beside %d that pile up, of which the slowest %s%n",
            percentile(undisturbed, 50), percentile(beside, 50), PILE, percentile(pile.get(), 100));
        assertThat(percentile(beside, 50))
            .isLessThan(percentile(undisturbed, 50).multipliedBy(3).plusMillis(50));
      }
      var change = client.changeLimit(locked, 1, "200.00", null);
      assertThat(change.status()).as(change.inWords()).isIn(409, 503);
      assertThat(change.took()).isLessThan(IN_TIME);
    }
    shop.approvedOrder(locked, "100.00");
    assertThat(client.changeLimit(locked, 1, "200.00", null).inWords()).isEqualTo("200");
    allHolds();
  }

  private CompletableFuture<List<Answer>> pileOrders(String customer) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Crowd.atOnce(
                Collections.nCopies(PILE, () -> client.placeOrder(customer, "1.00")));
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }

  private List<Answer> placeOrders(String customer, int count) {
    var answers = Stream.generate(() -> client.placeOrder(customer, "1.00")).limit(count).toList();
    assertThat(answers).extracting(answer -> answer.text("orderState")).containsOnly("APPROVED");
    return answers;
  }

  private static Duration percentile(List<Answer> answers, int percent) {
    var sorted = answers.stream().map(Answer::took).sorted().toList();
    return sorted.get((sorted.size() * percent - 1) / 100);
  }

  private static String lock(String customer) {
    return "update credit_account set exposure = exposure where customer_id = '" + customer + "'";
  }

  private static void assertIsInDoubt(Answer answer) {
    assertIsInDoubt(List.of(answer));
  }

  /** All in words, and in time but for a few: the clients share the machine with the shop. */
  private static void assertIsInDoubt(List<Answer> answers) {
    assertThat(answers).extracting(Answer::inWords).containsOnly("503 limit-in-doubt");
    assertThat(answers).allMatch(answer -> answer.header("retry-after").isPresent());
    assertThat(percentile(answers, 95)).isLessThan(IN_DOUBT_IN_TIME);
  }

  /** What was answered is what became of it; what was left open has come to one of both ends. */
  private boolean everyAnswerIsTrue(List<Answer> answers) throws Exception {
    var applied = new ArrayList<String>();
    var refused = new ArrayList<String>();
    for (var answer : answers) {
      var change = answer.text("changeId");
      if (answer.status() == 200) {
        applied.add(change);
      } else if (answer.status() == 202 || answer.text("code").equals("outcome-unknown")) {
        var state = client.limitChange(change).text("state");
        if (!List.of("applied", "refused").contains(state)) {
          return false;
        }
        (state.equals("applied") ? applied : refused).add(change);
      } else if (!change.isEmpty()) {
        refused.add(change);
      }
    }
    return shop.check().acknowledgedTookPlace(applied).holds()
        && shop.check().refusedDidNot(refused).holds();
  }

  private void assertNothingIsLeftOver(String customer) {
    await("nothing is locked or prepared")
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(shop.tables().locksOf(customer)).isEmpty();
              assertThat(shop.check().nothingIsUnderWay()).matches(Evidence::holds, "holds");
            });
  }

  private void allHolds() throws Exception {
    shop.awaitNothingUnderWay();
    for (var evidence : shop.check().all()) {
      BrokenPromise.unless(evidence);
    }
  }
}
