package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * What every mode has to keep, the same cases for all. A mode names the cases that it does not
 * promise; see {@link Promises} for what becomes of those.
 *
 * <p>Looks into both databases go by {@link BrokenPromise#unless}; all else is asserted plainly and
 * holds in every mode.
 */
abstract class ModeContract {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final int CLIENTS = 4;
  private static final int ANSWERS_BEFORE_A_FAULT = 20;
  private static final int ANSWERS_IN_A_FAULT = 8;

  @RegisterExtension final Promises promises;
  final RunningShop shop;
  final ShopClient client;

  /**
   * @param notPromised names of cases
   */
  ModeContract(RunningShop shop, String... notPromised) {
    this.shop = shop;
    this.client = shop.client();
    this.promises = new Promises(getClass(), notPromised);
  }

  @BeforeEach
  final void orderServiceVetoesLimitsBelowTheExposure() {
    shop.ordersBelowExposure("reject");
  }

  @AfterEach
  final void forgetAll() throws Exception {
    shop.tables().empty(); // what a case has broken is not for the next one to find
  }

  /**
   * What {@code GET /limit-changes/{id}} tells of a change that took place; a mode may add to it.
   */
  List<String> stepsOfAnAppliedChange() {
    return List.of("requested", "applied-by-owner", "taken-by-copy");
  }

  /** What is answered to a change that begins while order-service is away. */
  int answerWithoutOrderService() {
    return 503;
  }

  /** Returns when the copy has what was acknowledged; at once in a mode that promises no less. */
  void awaitCopy() {}

  @Test
  final void aNewCustomerIsOnBothSides() throws Exception {
    var created = client.createCustomer("Ada", "500.00", null);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.version()).isEqualTo(1);
    awaitCopy();
    assertThat(client.credit(created.text("customerId")).text("creditLimit.amount"))
        .isEqualTo("500.00");
    BrokenPromise.unless(shop.check().bothSidesAgree());
    BrokenPromise.unless(shop.check().noChangeIsHalfDone());
  }

  @Test
  final void aChangeReachesBothSidesWithTheSameVersion() throws Exception {
    var customer = shop.newCustomer("100.00");

    var changed = client.changeLimit(customer, 1, "250.00", null);

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.version()).isEqualTo(2);
    awaitCopy();
    var credit = client.credit(customer);
    assertThat(credit.text("creditLimit.amount")).isEqualTo("250.00");
    assertThat(credit.text("limitVersion")).isEqualTo("2");
    BrokenPromise.unless(shop.check().bothSidesAgree());
    BrokenPromise.unless(shop.check().acknowledgedTookPlace(List.of(changed.text("changeId"))));
  }

  @Test
  final void versionsHaveNoGap() throws Exception {
    var customer = shop.newCustomer("100.00");
    for (int version = 1; version <= 5; version++) {
      assertThat(client.changeLimit(customer, version, "10" + version, null).status())
          .isEqualTo(200);
      assertThat(client.changeLimit(customer, 99, "1.00", null).status()).isEqualTo(412);
    }

    awaitCopy();
    for (var database : List.of(Tables.OWNER, Tables.COPY)) {
      assertThat(
              shop.tables()
                  .ask(
                      database,
                      "select version from limit_change where state = 'applied' order by 1"))
          .as(database)
          .containsExactly("1", "2", "3", "4", "5", "6");
    }
  }

  @Test
  final void aStaleChangeLeavesNoTrace() throws Exception {
    var customer = shop.newCustomer("100.00");
    shop.limitChanged(customer, 1, "200.00");
    awaitCopy();
    var before = shop.tables().contents();

    var stale = client.changeLimit(customer, 1, "300.00", null);

    assertThat(stale.inWords()).isEqualTo("412 stale-version");
    assertThat(stale.version()).as("the version that it has").isEqualTo(2);
    assertNothingIsLocked(customer);
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  @Test
  final void aChangeOfAnUnknownCustomerLeavesNoTrace() throws Exception {
    var before = shop.tables().contents();

    var unknown = client.changeLimit(UUID.randomUUID().toString(), 1, "300.00", null);

    assertThat(unknown.inWords()).isEqualTo("404 unknown-customer");
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  @Test
  final void repeatingAChangeWithItsKeyAppliesItOnceAndAnswersTheSame() throws Exception {
    var customer = shop.newCustomer("100.00");
    var key = UUID.randomUUID().toString();

    var first = client.changeLimit(customer, 1, "200.00", key);
    var next = client.changeLimit(customer, 2, "300.00", null);
    var again = client.changeLimit(customer, 1, "200.00", key);

    assertThat(first.status()).isEqualTo(200);
    assertThat(next.status()).isEqualTo(200);
    assertSame(again, first);
    assertThat(client.customer(customer).text("creditLimit.amount")).isEqualTo("300.00");
    awaitCopy();
    BrokenPromise.unless(shop.check().bothSidesAgree());
  }

  @Test
  final void repeatingARefusedChangeWithItsKeyIsRefusedInTheSameWay() {
    var customer = shop.newCustomer("100.00");
    var key = UUID.randomUUID().toString();

    var first = client.changeLimit(customer, 7, "200.00", key);
    var again = client.changeLimit(customer, 7, "200.00", key);

    assertThat(first.inWords()).isEqualTo("412 stale-version");
    assertSame(again, first);
  }

  @Test
  final void repeatingACreationWithItsKeyCreatesOneCustomer() throws Exception {
    var body = "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"100.00\"}}";
    var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

    var first = client.send("POST", shop.url("customer-service") + "/customers", body, key);
    var again = client.send("POST", shop.url("customer-service") + "/customers", body, key);

    assertThat(first.status()).isEqualTo(201);
    assertSame(again, first);
    assertThat(shop.tables().ask(Tables.OWNER, "select 1 from customer")).hasSize(1);
    awaitCopy();
    BrokenPromise.unless(shop.check().bothSidesAgree());
  }

  @Test
  final void theSameKeyAtOnceAppliesTheChangeOnce() throws Exception {
    var customer = shop.newCustomer("100.00");
    var key = UUID.randomUUID().toString();
    Callable<Answer> change = () -> client.changeLimit(customer, 1, "200.00", key);

    var answers = Crowd.atOnce(List.of(change, change, change, change));

    assertThat(answers).extracting(Answer::inWords).containsOnly("200");
    answers.forEach(answer -> assertSame(answer, answers.get(0)));
    assertThat(client.customer(customer).version()).isEqualTo(2);
    awaitCopy();
    BrokenPromise.unless(shop.check().bothSidesAgree());
  }

  @Test
  final void aKeyOfAnotherRequestIsRefused() throws Exception {
    var customer = shop.newCustomer("100.00");
    var key = UUID.randomUUID().toString();
    assertThat(client.changeLimit(customer, 1, "200.00", key).status()).isEqualTo(200);
    awaitCopy();
    var before = shop.tables().contents();

    var other = client.changeLimit(customer, 1, "300.00", key);

    assertThat(other.status()).as(other.inWords()).isEqualTo(422);
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  @Test
  final void historyAndLimitChangesTellTheTruth() throws Exception {
    var customer = shop.newCustomer("100.00");
    var raised = client.changeLimit(customer, 1, "200.00", null);
    var stale = client.changeLimit(customer, 1, "300.00", UUID.randomUUID().toString());
    var lowered = client.changeLimit(customer, 2, "0", null);

    awaitCopy();
    var history = client.send("GET", historyOf(customer), "", Map.of());
    assertThat(entries(history))
        .containsExactly(
            "create applied 100.00 1",
            "change applied 200.00 2",
            "change refused 300.00 ",
            "change applied 0.00 3");
    assertThat(steps(raised)).isEqualTo(stepsOfAnAppliedChange());
    assertThat(steps(lowered)).isEqualTo(stepsOfAnAppliedChange());
    assertThat(steps(stale)).containsExactly("requested", "refused");
    assertThat(client.limitChange(stale.text("changeId")).text("reason"))
        .isEqualTo("stale-version");
    assertThat(client.limitChange(UUID.randomUUID().toString()).inWords())
        .isEqualTo("404 unknown-change");
  }

  /**
   * What was acknowledged is there in any mode; that the rest is whole is promised by those that
   * promise something.
   */
  @Test
  final void noChangeIsHalfDoneAfterOrderServiceWasKilled() throws Exception {
    var answers = changesWhileOrderServiceIsKilled();

    assertThat(shop.check().acknowledgedTookPlace(acknowledged(answers)))
        .matches(Evidence::holds, "holds");
    BrokenPromise.unless(shop.check().noChangeIsHalfDone());
    BrokenPromise.unless(shop.check().bothSidesAgree());
    BrokenPromise.unless(shop.check().refusedDidNot(refused(answers)));
  }

  /**
   * Four clients that change limits before order-service is killed and for a while after it. The
   * evidence of both is in it: changes that took place before, and one of a customer of whom
   * nothing is open that met order-service away.
   */
  private List<Answer> changesWhileOrderServiceIsKilled() throws Exception {
    var ofItsOwn = shop.newCustomer("100.00");
    var steps = new ArrayList<Callable<Answer>>();
    for (int number = 0; number < CLIENTS; number++) {
      var customer = shop.newCustomer("100.00");
      steps.add(
          () -> client.changeLimit(customer, client.customer(customer).version(), "200.00", null));
    }
    try (var crowd = new Crowd(steps)) {
      crowd.awaitAnswers(ANSWERS_BEFORE_A_FAULT);
      Answer whileAway;
      try (var away = shop.killed("order-service")) {
        whileAway = client.changeLimit(ofItsOwn, 1, "200.00", null);
        crowd.awaitAnswers(ANSWERS_IN_A_FAULT);
        crowd.stop();
      }
      shop.awaitNothingUnderWay();
      var answers = new ArrayList<>(crowd.stop());
      assertThat(answers).extracting(Answer::status).contains(200);
      assertThat(whileAway.status()).as(whileAway.inWords()).isEqualTo(answerWithoutOrderService());
      answers.add(whileAway);
      return answers;
    }
  }

  private static List<String> acknowledged(List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.status() == 200)
        .map(answer -> answer.text("changeId"))
        .toList();
  }

  private static List<String> refused(List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.status() >= 400)
        .filter(answer -> !answer.text("code").equals("outcome-unknown"))
        .map(answer -> answer.text("changeId"))
        .toList();
  }

  final void assertNothingIsLocked(String customer) {
    await("nothing locked")
        .atMost(AT_ONCE)
        .untilAsserted(() -> assertThat(shop.tables().locksOf(customer)).isEmpty());
  }

  private static void assertSame(Answer answer, Answer first) {
    assertThat(answer.status()).isEqualTo(first.status());
    assertThat(answer.body()).isEqualTo(first.body());
    assertThat(answer.header("etag")).isEqualTo(first.header("etag"));
    assertThat(answer.header("location")).isEqualTo(first.header("location"));
  }

  private String historyOf(String customer) {
    return shop.url("customer-service") + "/customers/" + customer + "/creditlimit/history";
  }

  private static List<String> entries(Answer history) {
    return items(history.body().get("items"))
        .map(
            each ->
                String.join(
                    " ",
                    text(each, "/kind"),
                    text(each, "/state"),
                    text(each, "/creditLimit/amount"),
                    text(each, "/version")))
        .toList();
  }

  private List<String> steps(Answer changed) {
    var change = client.limitChange(changed.text("changeId"));
    assertThat(change.status()).isEqualTo(200);
    return items(change.body().get("steps")).map(each -> text(each, "/step")).toList();
  }

  private static java.util.stream.Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String text(JsonNode node, String path) {
    return node.at(path).asString("");
  }
}
