package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mode {@code event} on real processes, one of which is killed at the worst moment or stays away:
 * in the end the copy is right, every version was taken once and in order, and nothing is a dead
 * letter. The longer absences are in the campaign, {@code -Pcrash}; {@code
 * -Dtandem.event.away-seconds=300} keeps broker and order-db away for longer.
 */
@InMode("event")
class EventFaultsIT {
  private static final Duration AWAY =
      Duration.ofSeconds(Long.getLong("tandem.event.away-seconds", 4));

  /** What has piled up meanwhile goes faster than it came. */
  private static final Duration DRAINS_WITHIN = AWAY.plusSeconds(60);

  private static final int CLIENTS = 4;

  private final RunningShop shop;
  private final ShopClient client;

  EventFaultsIT(RunningShop shop) {
    this.shop = shop;
    this.client = shop.client();
  }

  @BeforeEach
  void anEmptyShop() throws Exception {
    shop.awaitNothingUnderWay();
    shop.tables().empty();
  }

  @AfterEach
  void aWarmAndEmptyShop() throws Exception {
    shop.warmUp();
    shop.awaitNothingUnderWay();
    shop.tables().empty();
  }

  @Test
  @Tag("crash")
  void whileTheBrokerIsAwayNoChangeIsRefusedAndAllFollowInOrderAfterwards() throws Exception {
    var answers = changesWhileIsKilled("broker", AWAY);

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    theCopyIsRight(answers);
  }

  @Test
  void aBrokerThatIsKilledWithMessagesInFlightLosesNone() throws Exception {
    try (var crowd = new Crowd(changesOfFourCustomers())) {
      for (int times = 0; times < 2; times++) {
        crowd.awaitAnswers(20);
        shop.stack().kill("broker");
        shop.start("broker");
      }
      crowd.awaitAnswers(20);
      var answers = crowd.stop();
      assertThat(answers).extracting(Answer::status).containsOnly(200);
      theCopyIsRight(answers);
    }
  }

  @Test
  void whatTheRelayHasSentAndNotMarkedComesAgainAndIsTakenOnce() throws Exception {
    var customer = shop.newCustomer("100.00");
    await("nothing to send").atMost(DRAINS_WITHIN).until(() -> outbox().isEmpty());
    try (var step = shop.rules().arm("events-are-sent")) {
      var changed = client.changeLimit(customer, 1, "200.00", null);
      await("a relay between send and mark").until(() -> step.proof().isPresent());
      assertThat(outbox()).as("sent, and not marked").hasSize(1);
      shop.stack().kill("customer-service");
      assertThat(changed.status()).isEqualTo(200);
    }
    shop.start("customer-service");
    await("the outbox is marked").atMost(DRAINS_WITHIN).until(() -> outbox().isEmpty());
    theCopyIsRight(List.of());
    assertThat(client.credit(customer).text("limitVersion")).isEqualTo("2");
  }

  @Test
  void whatTheConsumerHasCommittedAndNotAcknowledgedComesAgainAndIsTakenOnce() throws Exception {
    var customer = shop.newCustomer("100.00");
    shop.awaitNothingUnderWay();
    try (var step = shop.rules().arm("event-is-taken")) {
      assertThat(client.changeLimit(customer, 1, "200.00", null).status()).isEqualTo(200);
      await("a consumer between commit and acknowledgement").until(() -> step.proof().isPresent());
      shop.stack().kill("order-service");
    }
    shop.start("order-service");
    assertThat(client.changeLimit(customer, 2, "300.00", null).status()).isEqualTo(200);
    theCopyIsRight(List.of());
    assertThat(client.credit(customer).text("limitVersion")).isEqualTo("3");
  }

  @Test
  @Tag("crash")
  void whileTheCopysDatabaseIsAwayMessagesWaitAndNoneIsSpent() throws Exception {
    var answers = changesWhileIsKilled("order-db", AWAY);

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    theCopyIsRight(answers);
  }

  @Test
  @Tag("crash")
  void withoutItsOwnDatabaseAChangeIsRefusedOrTruthfullyOpenAndNothingIsLost() throws Exception {
    var answers = changesWhileIsKilled("customer-db", Duration.ofSeconds(2));

    assertThat(answers).extracting(Answer::status).contains(200, 503).doesNotContain(500);
    theCopyIsRight(answers);
  }

  private List<Answer> changesWhileIsKilled(String part, Duration away) throws Exception {
    try (var crowd = new Crowd(changesOfFourCustomers())) {
      crowd.awaitAnswers(20);
      shop.stack().kill(part);
      crowd.goOnFor(away);
      shop.start(part);
      long back = System.nanoTime();
      crowd.awaitAnswers(20);
      var answers = crowd.stop();
      shop.awaitNothingUnderWay(DRAINS_WITHIN);
      System.out.printf(
          "%s away for %s: %d answers, all followed %.1f s after it was back%n",
          part, away, answers.size(), (System.nanoTime() - back) / 1e9);
      return answers;
    }
  }

  private List<Callable<Answer>> changesOfFourCustomers() {
    var changes = new ArrayList<Callable<Answer>>();
    for (int number = 0; number < CLIENTS; number++) {
      var customer = shop.newCustomer("100.00");
      changes.add(
          () ->
              client.changeLimit(
                  customer, Math.max(1, client.customer(customer).version()), "200.00", null));
    }
    return changes;
  }

  private void theCopyIsRight(List<Answer> answers) throws Exception {
    shop.awaitNothingUnderWay(DRAINS_WITHIN);
    for (var evidence : shop.check().all()) {
      assertThat(evidence).matches(Evidence::holds, "holds");
    }
    var acknowledged =
        answers.stream()
            .filter(answer -> answer.status() == 200)
            .map(answer -> answer.text("changeId"))
            .toList();
    assertThat(shop.check().acknowledgedTookPlace(acknowledged)).matches(Evidence::holds, "holds");
    assertThat(shop.check().noVersionIsMissing()).matches(Evidence::holds, "holds");
    eachCustomersVersionsWereTakenInOrder();
    assertThat(shop.deadLetters()).as("dead letters").isZero();
  }

  private void eachCustomersVersionsWereTakenInOrder() throws Exception {
    var taken =
        shop.tables()
            .ask(
                Tables.COPY,
                "select string_agg(version::text, ' ' order by change_number) from limit_change"
                    + " group by customer_id");
    for (var versions : taken) {
      assertThat(List.of(versions.split(" ")))
          .isEqualTo(
              LongStream.rangeClosed(1, versions.split(" ").length)
                  .mapToObj(String::valueOf)
                  .toList());
    }
  }

  private List<String> outbox() throws Exception {
    return shop.tables().ask(Tables.OWNER, "select change_id from outbox");
  }
}
