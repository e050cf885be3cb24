package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.TentativeCopy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** This service's part in long running actions, beside a coordinator that plays along. */
@ExtendWith(Shop.class)
class PendingLimitIT {

  private final OrderService service;
  private final OrdersDatabase database;
  private final Owner owner;
  private final Actions actions;
  private final LockWait locks;
  private final OrderService patient;
  private final String action = "0_ffff7f000001_" + UUID.randomUUID();

  PendingLimitIT(
      OrderService service, OrdersDatabase database, Owner owner, Actions actions, LockWait locks) {
    this.service = service;
    this.database = database;
    this.owner = owner;
    this.actions = actions;
    this.locks = locks;
    this.patient = locks.patient();
  }

  @Test
  void workJoinsFirstAndLeavesTheLimitAsItIs() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    actions.meanwhile(action, () -> assertThat(state(change)).isEqualTo("unknown"));

    assertThat(work(service, change, customer, "40", 2).status()).isEqualTo(200);

    assertThat(actions.joins(action))
        .containsExactly(
            new Actions.Join(
                action,
                "<http://order-service/internal/lra/%1$s/complete>; rel=complete, "
                        .formatted(action)
                    + "<http://order-service/internal/lra/%1$s/compensate>; rel=compensate"
                        .formatted(action),
                "Bearer " + OrderService.TOKEN));
    var credit = service.credit(customer);
    assertThat(credit.text("creditLimit.amount")).isEqualTo("100.00");
    assertThat(credit.text("pendingLimit.amount")).isEqualTo("40.00");
    assertThat(credit.text("available.amount")).isEqualTo("40.00");
    assertThat(credit.body().get("limitVersion").asLong()).isEqualTo(1);
    assertThat(state(change)).isEqualTo("pending");
  }

  @Test
  void completeMakesThePendingLimitTheLimitOnceHoweverOftenItIsCalled() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    work(service, change, customer, "40", 2);

    assertThat(callback("complete").status()).isEqualTo(200);
    var after = account(customer);
    assertThat(callback("complete").status()).isEqualTo(200);

    assertThat(account(customer)).isEqualTo(after);
    assertThat(after)
        .containsEntry("limit_version", 2L)
        .containsEntry("sequence", 3L)
        .containsEntry("tentative_limit", null);
    assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("40.00");
    assertThat(service.credit(customer).body().has("pendingLimit")).isFalse();
    assertThat(state(change)).isEqualTo("applied");
  }

  @Test
  void compensateLeavesLimitAndVersionAsTheyWereHoweverOftenItIsCalled() {
    var customer = service.customerWithLimit("100");
    var before = service.credit(customer);
    var change = ChangeId.random();
    work(service, change, customer, "40", 2);

    assertThat(callback("compensate").status()).isEqualTo(200);
    var after = account(customer);
    assertThat(callback("compensate").status()).isEqualTo(200);

    assertThat(account(customer)).isEqualTo(after).containsEntry("tentative_limit", null);
    for (var field : List.of("creditLimit", "limitVersion", "available")) {
      assertThat(service.credit(customer).body().get(field)).isEqualTo(before.body().get(field));
    }
    assertThat(state(change)).isEqualTo("refused");
    var next = "next-" + action;
    assertThat(work(service, next, ChangeId.random(), customer, "70", 2).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"150, 60, REJECTED, false", "50, 60, REJECTED, true", "50, 50, APPROVED, true"})
  void ordersAreDecidedByTheLowerOneAndTheTraceSaysWhich(
      String pending, String total, String state, boolean byPending) {
    var customer = service.customerWithLimit(pending.equals("150") ? "55" : "100");
    work(service, ChangeId.random(), customer, pending, 2);

    var order = service.place(customer, total);

    assertThat(order.text("orderState")).isEqualTo(state);
    var trace = service.get("/orders/" + order.text("orderId") + "/trace");
    assertThat(trace.text("decision.pendingLimit.amount")).isEqualTo(pending + ".00");
    assertThat(trace.text("why").contains("the pending limit")).isEqualTo(byPending);
  }

  @Test
  void theSameWorkOnceMoreChangesNothing() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    work(service, change, customer, "40", 2);
    var before = account(customer);

    assertThat(work(service, change, customer, "40", 2).status()).isEqualTo(200);
    assertThat(account(customer)).isEqualTo(before);

    callback("complete");
    assertThat(work(service, change, customer, "40", 2).status()).isEqualTo(200);
    assertThat(account(customer)).containsEntry("sequence", 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compensate", "complete"})
  void aCallbackThatOvertakesTheWorkLeavesATombstoneOnWhichTheWorkDies(String callback) {
    var customer = service.customerWithLimit("100");
    var before = account(customer);
    var change = ChangeId.random();
    actions.meanwhile(action, () -> callback(callback)); // joined, but not done yet

    var late = work(service, change, customer, "40", 2);

    assertThat(late.status()).isEqualTo(409);
    assertThat(late.text("code")).isEqualTo("rolled-back");
    assertThat(account(customer)).isEqualTo(before);
    assertThat(state(change)).isEqualTo("unknown");
    assertThat(callback("compensate").status()).isEqualTo(200);
    assertThat(callback("complete").status()).isEqualTo(500);
  }

  @Test
  void aContradictionIsSaidWrittenDownAndChangesNothing() {
    var customer = service.customerWithLimit("100");
    var completed = ChangeId.random();
    work(service, completed, customer, "40", 2);
    callback("complete");
    var before = account(customer);

    var answer = raw("/internal/lra/" + action + "/compensate");
    callback("compensate");

    assertThat(answer).isEqualTo("500 FailedToCompensate");
    assertThat(account(customer)).isEqualTo(before);
    assertThat(anomalies(completed)).containsExactly("lra");

    var other = "other-" + action;
    var compensated = ChangeId.random();
    work(service, other, compensated, customer, "70", 3);
    service.internal("PUT", "/internal/lra/" + other + "/compensate", "");
    assertThat(raw("/internal/lra/" + other + "/complete")).isEqualTo("500 FailedToComplete");
    assertThat(anomalies(compensated)).containsExactly("lra");
    assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("40.00");
  }

  @Test
  void aForgedCallbackChangesNothing() throws Exception {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    work(service, change, customer, "40", 2);
    var before = account(customer);

    for (var verb : List.of("complete", "compensate")) {
      var path = "/internal/lra/" + action + "/" + verb;
      var without = HttpRequest.newBuilder(URI.create(service.internalUrl(path)));
      assertThat(service.send(without.PUT(HttpRequest.BodyPublishers.noBody())).status())
          .isEqualTo(401);
      var publicly = HttpRequest.newBuilder(URI.create(service.url(path)));
      assertThat(
              service
                  .send(
                      publicly.PUT(HttpRequest.BodyPublishers.noBody()),
                      "Authorization",
                      "Bearer " + OrderService.TOKEN)
                  .status())
          .isEqualTo(404);
    }
    assertThat(raw("/internal/lra/nobody-knows-it/complete")).isEqualTo("500 FailedToComplete");
    assertThat(service.internal("PUT", "/internal/lra/a%20b/complete", "").status()).isEqualTo(400);
    assertThat(account(customer)).isEqualTo(before);
    assertThat(state(change)).isEqualTo("pending");
  }

  @ParameterizedTest
  @CsvSource({"404, 409", "412, 409", "410, 409", "400, 503", "500, 503"})
  void withoutAJoinThereIsNoWork(int joining, int status) {
    var customer = service.customerWithLimit("100");
    var before = account(customer);
    var change = ChangeId.random();
    actions.answers(action, joining);

    assertThat(work(service, change, customer, "40", 2).status()).isEqualTo(status);

    assertThat(account(customer)).isEqualTo(before);
    assertThat(state(change)).isEqualTo("unknown");
  }

  @Test
  void oneAccountHasOneTentativeLimit() {
    var customer = service.customerWithLimit("100");
    work(service, ChangeId.random(), customer, "40", 2);
    var before = account(customer);

    var second = work(service, "b-" + action, ChangeId.random(), customer, "70", 2);

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.text("code")).isEqualTo("change-in-progress");
    assertThat(account(customer)).isEqualTo(before);
  }

  @Test
  void aCopyThatIsAheadVetoes() {
    var customer = service.customerWithLimit("100");
    var answer = work(service, ChangeId.random(), customer, "40", 1);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("copy-ahead");
  }

  @Test
  void aLimitBelowTheOpenOrdersIsVetoedWhereThatIsSet() {
    try (var strict =
        new OrderService(
            database, owner, actions.setting(), "--tandem.credit.below-exposure=reject")) {
      var customer = strict.customerWithLimit("100");
      strict.place(customer, "60");
      var before = account(customer);

      var veto = work(strict, ChangeId.random(), customer, "59.99", 2);

      assertThat(veto.status()).isEqualTo(409);
      assertThat(veto.text("code")).isEqualTo("below-exposure");
      assertThat(account(customer)).isEqualTo(before);
      assertThat(work(strict, "b-" + action, ChangeId.random(), customer, "60", 2).status())
          .isEqualTo(200);
    }
  }

  @Test
  void noOrderIsDecidedBeforeACustomersFirstLimitIsInForce() throws Exception {
    var customer = UUID.randomUUID();
    work(service, ChangeId.random(), customer, "40", 1);
    try (var creating = owner.creates(customer)) {
      var early = service.place(customer, "1");
      assertThat(early.status()).isEqualTo(503);
      assertThat(early.text("code")).isEqualTo("customer-not-yet-here");
      assertThat(service.credit(customer).status()).isEqualTo(404);
    }
    callback("complete");
    assertThat(service.place(customer, "40").text("orderState")).isEqualTo("APPROVED");
    assertThat(account(customer)).containsEntry("limit_version", 1L).containsEntry("sequence", 2L);
  }

  @Test
  void aCustomerWhoseFirstLimitIsTakenBackWasNeverHere() {
    var customer = UUID.randomUUID();
    work(service, ChangeId.random(), customer, "40", 1);
    assertThat(callback("compensate").status()).isEqualTo(200);
    assertThat(service.credit(customer).status()).isEqualTo(404);
    assertThat(service.place(customer, "1").text("rejectionReason")).isEqualTo("UNKNOWN_CUSTOMER");
  }

  @Test
  void aChangeIsNotPlacedWhileTheCustomersFirstAccountIsInDoubt() {
    var customer = UUID.randomUUID();
    var change = ChangeId.random();
    var branch = service.prepare(ChangeId.random(), customer, "100", 1);
    try {
      var early = work(service, change, customer, "10", 2);

      assertThat(early.status()).isEqualTo(503);
      assertThat(early.text("code")).isEqualTo("work-not-done");
      assertThat(state(change)).isEqualTo("unknown");
    } finally {
      service.commit(branch);
    }
    assertThat(work(service, change, customer, "10", 2).status()).isEqualTo(200);
    assertThat(service.place(customer, "11").text("orderState")).isEqualTo("REJECTED");
  }

  @ParameterizedTest
  @CsvSource({"commit, 10.00", "rollback, "})
  void aChangeThatHasWaitedForTheFirstAccountIsPlacedInItIfItIsThere(String end, String pending) {
    var customer = UUID.randomUUID();
    var change = ChangeId.random();
    var branch = service.prepare(ChangeId.random(), customer, "100", 1);
    var waiting = CompletableFuture.supplyAsync(() -> work(patient, change, customer, "10", 2));
    try {
      LockWait.awaitWaiting(database, 1);
    } finally {
      service.internal("POST", "/internal/xa/branches/" + branch + "/" + end, "");
    }
    assertThat(waiting.join().status()).isEqualTo(200);
    assertThat(state(change)).isEqualTo("pending");
    assertThat(service.credit(customer).text("pendingLimit.amount")).isEqualTo(pending);
    callback("complete");
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("10.00");
  }

  @Test
  void completeLeavesTheTentativeLimitOfAnotherChange() {
    var customer = service.customerWithLimit("100");
    work(service, ChangeId.random(), customer, "40", 2);
    var other = UUID.randomUUID();
    database // as an installation before V3 could leave it
        .admin()
        .sql(
            "update credit_account set tentative_limit = 10, tentative_change = ? where customer_id = ?")
        .params(other, customer)
        .update();

    assertThat(callback("complete").status()).isEqualTo(200);

    var credit = service.credit(customer);
    assertThat(credit.text("creditLimit.amount")).isEqualTo("40.00");
    assertThat(account(customer)).containsEntry("tentative_change", other);
    database.admin().sql("delete from limit_change where customer_id = ?").param(customer).update();
    database
        .admin()
        .sql("delete from credit_account where customer_id = ?")
        .param(customer)
        .update();
  }

  @Test
  void aNewerVersionOfAnotherModeStaysAndTheLowestOfAllDecidesMeanwhile() {
    var customer = service.customerWithLimit("100");
    work(service, ChangeId.random(), customer, "40", 2);

    service.take(customer, "70", 3);
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("40.00");
    callback("complete");

    assertThat(account(customer)).containsEntry("limit_version", 3L);
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("70.00");
  }

  @Test
  void twoCallbacksAtOnceEndTheActionOnce() throws Exception {
    var customer = service.customerWithLimit("100");
    work(service, ChangeId.random(), customer, "40", 2);
    try (var lock = lock(customer)) {
      var callbacks =
          Set.of(1, 2).stream()
              .map(one -> CompletableFuture.supplyAsync(() -> callback(patient, "complete")))
              .toList();
      LockWait.awaitWaiting(database, 2);
      lock.rollback();
      assertThat(callbacks).allMatch(callback -> callback.join().status() == 200);
    }
    assertThat(account(customer)).containsEntry("sequence", 3L).containsEntry("limit_version", 2L);
  }

  @Test
  void aCallbackThatFindsTheAccountLockedIsAskedAgain() throws Exception {
    var customer = service.customerWithLimit("100");
    work(service, ChangeId.random(), customer, "40", 2);
    try (var lock = lock(customer)) {
      var answer = callback("complete");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("code")).isEqualTo("database-away");
      lock.rollback();
    }
    assertThat(callback("complete").status()).isEqualTo(200);
    assertThat(account(customer)).containsEntry("limit_version", 2L);
  }

  @Test
  void anOrderThatHasWaitedForTheLockIsDecidedByThePendingLimitPlacedMeanwhile() throws Exception {
    var customer = service.customerWithLimit("100");
    var order =
        locks.whileLocked(
            () -> place(new ActionId(action), customer, "40", 2),
            () -> patient.place(customer, "50"));
    assertThat(order.text("orderState")).isEqualTo("REJECTED");
    var trace = service.get("/orders/" + order.text("orderId") + "/trace");
    assertThat(trace.text("decision.pendingLimit.amount")).isEqualTo("40.00");
  }

  @Test
  void workThatHasWaitedForTheLockMeetsTheTentativeLimitPlacedMeanwhile() throws Exception {
    var customer = service.customerWithLimit("100");
    var second =
        locks.whileLocked(
            () -> place(new ActionId(action), customer, "40", 2),
            () -> work(patient, "b-" + action, ChangeId.random(), customer, "70", 2));
    assertThat(second.status()).isEqualTo(409);
    assertThat(service.credit(customer).text("pendingLimit.amount")).isEqualTo("40.00");
  }

  @Test
  void aVetoCountsTheOrdersApprovedWhileTheWorkHasWaitedForTheLock() throws Exception {
    try (var strict =
        new OrderService(
            database,
            owner,
            actions.setting(),
            LockWait.PATIENT,
            "--tandem.credit.below-exposure=reject")) {
      var customer = strict.customerWithLimit("100");
      var accounts = service.bean(CreditAccounts.class);
      var order = new NewOrder(UUID.randomUUID(), customer, new java.math.BigDecimal("60"), null);
      var answer =
          locks.whileLocked(
              () -> accounts.admit(order, Freshness.any(null)),
              () -> work(strict, ChangeId.random(), customer, "50", 2));
      assertThat(answer.text("code")).isEqualTo("below-exposure");
    }
  }

  @Test
  void callbacksOutliveAnOutageOfTheDatabase() throws Exception {
    try (var own = new OrdersDatabase();
        var here = new OrderService(own, owner, actions.setting())) {
      var customer = here.customerWithLimit("100");
      work(here, ChangeId.random(), customer, "40", 2);
      var path = "/internal/lra/" + action + "/complete";
      try (var outage = own.outage()) {
        assertThat(here.internal("PUT", path, "").status()).isEqualTo(503);
        assertThat(work(here, "b-" + action, ChangeId.random(), customer, "1", 3).status())
            .isEqualTo(503);
      }
      await().until(() -> here.internal("PUT", path, "").status() == 200);
      assertThat(here.credit(customer).text("creditLimit.amount")).isEqualTo("40.00");
    }
  }

  private Connection lock(UUID customer) throws SQLException {
    var connection = DriverManager.getConnection(database.url(), "postgres", "");
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute(
          "select 1 from credit_account where customer_id = '" + customer + "' for update");
    }
    return connection;
  }

  private void place(ActionId action, UUID customer, String limit, long version) {
    service
        .bean(TentativeCopy.class)
        .place(OrderService.versioned(ChangeId.random(), customer, limit, version), action);
  }

  private OrderService.Answer work(
      OrderService at, ChangeId change, UUID customer, String limit, long version) {
    return work(at, action, change, customer, limit, version);
  }

  private static OrderService.Answer work(
      OrderService at, String action, ChangeId change, UUID customer, String limit, long version) {
    var body =
        new JsonMapper()
            .writeValueAsString(OrderService.versioned(change, customer, limit, version));
    return at.internal("PUT", "/internal/lra/work", body, "Long-Running-Action", action);
  }

  private OrderService.Answer callback(String verb) {
    return callback(service, verb);
  }

  private OrderService.Answer callback(OrderService at, String verb) {
    return at.internal("PUT", "/internal/lra/" + action + "/" + verb, "");
  }

  /** As Narayana asks: it accepts text, and reads the body. */
  private String raw(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(service.internalUrl(path)))
            .header("Authorization", "Bearer " + OrderService.TOKEN)
            .header("Accept", "text/plain")
            .PUT(HttpRequest.BodyPublishers.ofString(""));
    try {
      var response =
          java.net.http.HttpClient.newHttpClient()
              .send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (java.io.IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private List<String> anomalies(ChangeId change) {
    return service
        .internal("GET", "/internal/anomalies", "")
        .body()
        .get("anomalies")
        .valueStream()
        .filter(one -> one.get("changeId").asString().equals(change.toString()))
        .map(one -> one.get("mode").asString())
        .collect(Collectors.toList());
  }

  private String state(ChangeId change) {
    return service.internal("GET", "/internal/limit-changes/" + change, "").text("state");
  }

  private Map<String, Object> account(UUID customer) {
    return database
        .admin()
        .sql("select * from credit_account where customer_id = ?")
        .param(customer)
        .query()
        .singleRow();
  }
}
