package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Events promise the same, but later: the copy is looked at when it has followed. What differs by
 * name is below: no veto, and a window in which the copy is stale.
 */
@InMode("event")
class EventModeContractIT extends ModeContract {
  EventModeContractIT(RunningShop shop) {
    super(shop);
  }

  @Override
  void awaitCopy() {
    shop.awaitNothingUnderWay();
  }

  @Override
  int answerWithoutOrderService() {
    return 200;
  }

  @Test
  void aLimitBelowTheExposureIsNotVetoedAndApprovesNothingMore() {
    var customer = shop.newCustomer("100.00");
    shop.approvedOrder(customer, "80.00");

    var lowered = client.changeLimit(customer, 1, "50.00", null);

    assertThat(lowered.status()).isEqualTo(200);
    awaitCopy();
    assertThat(client.credit(customer).text("overLimitBy.amount")).isEqualTo("30.00");
    assertThat(client.placeOrder(customer, "0.01").text("orderState")).isEqualTo("REJECTED");
  }

  @Test
  void whileTheCopyIsStaleAnOrderIsDecidedOnTheOldLimitAndSaysSo() throws Exception {
    var customer = shop.newCustomer("100.00");
    awaitCopy();
    try (var away = shop.killed("broker")) {
      var lowered = client.changeLimit(customer, 1, "10.00", null);

      assertThat(lowered.status()).isEqualTo(200);
      assertThat(lowered.header("consistency-mode")).contains("event");
      assertThat(lowered.header("consistency-state")).contains("pending");
      var order = client.placeOrder(customer, "100.00");
      assertThat(order.text("orderState")).isEqualTo("APPROVED");
      var trace = client.trace(order.text("orderId"));
      assertThat(trace.text("decision.limitVersion")).isEqualTo("1");
      assertThat(client.limitChange(lowered.text("changeId")).header("consistency-state"))
          .contains("pending");
    }
    awaitCopy();
    assertThat(client.credit(customer).text("overLimitBy.amount")).isEqualTo("90.00");
    BrokenPromise.unless(shop.check().bothSidesAgree());
  }

  @Test
  void withoutOrderServiceChangesAreCarriedOutAndTheCopyFollowsInOrder() throws Exception {
    var customer = shop.newCustomer("100.00");
    try (var away = shop.killed("order-service")) {
      for (int version : IntStream.rangeClosed(1, 20).toArray()) {
        var changed = client.changeLimit(customer, version, version + ".00", null);
        assertThat(changed.status()).isEqualTo(200);
      }
      assertThat(client.createCustomer("Bob", "100.00", null).status()).isEqualTo(201);
    }
    awaitCopy();
    assertThat(client.credit(customer).text("limitVersion")).isEqualTo("21");
    BrokenPromise.unless(shop.check().bothSidesAgree());
    assertThat(
            shop.tables()
                .ask(
                    Tables.COPY,
                    "select version from limit_change where customer_id = '%s' order by change_number"
                        .formatted(customer)))
        .isEqualTo(IntStream.rangeClosed(1, 21).mapToObj(String::valueOf).toList());
  }

  @Test
  void whoKnowsTheTraceOfARequestFindsWhatTheCopyDidInItsLog() throws Exception {
    var customer = shop.newCustomer("100.00");
    var trace = UUID.randomUUID().toString().replace("-", "");

    var changed =
        client.send(
            "PUT",
            shop.url("customer-service") + "/customers/" + customer + "/creditlimit",
            "{\"amount\":\"200.00\"}",
            Map.of("If-Match", "\"1\"", "traceparent", "00-" + trace + "-b7ad6b7169203331-01"));

    assertThat(changed.status()).isEqualTo(200);
    awaitCopy();
    await("its line, which comes after the commit").until(() -> !logLines(trace).isEmpty());
    assertThat(logLines(trace))
        .singleElement()
        .asString()
        .contains(changed.text("changeId") + " event FOLLOWED version 2");
  }

  private List<String> logLines(String trace) throws IOException {
    try (var lines = Files.lines(shop.stack().log("order-service"))) {
      return lines.filter(line -> line.contains(trace)).toList();
    }
  }

  @Test
  void aChangeIsPendingUntilTheCopyHasTakenItAndCommittedThen() {
    var customer = shop.newCustomer("100.00");
    var changed = client.changeLimit(customer, 1, "200.00", null);

    assertThat(changed.header("consistency-state")).contains("pending");
    awaitCopy();
    var told = client.limitChange(changed.text("changeId"));
    assertThat(told.text("state")).isEqualTo("applied");
    assertThat(told.header("consistency-state")).contains("committed");
    assertThat(List.of(told.text("mode"))).containsExactly("event");
  }
}
