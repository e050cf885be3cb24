package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Shop.class)
class AdmissionIT {

  private final OrderService service;
  private final Owner owner;

  AdmissionIT(OrderService service, Owner owner) {
    this.service = service;
    this.owner = owner;
  }

  @Test
  void anOrderWithinTheLimitIsApproved() {
    var customer = service.customerWithLimit("500");

    var answer = service.place(customer, "120.5");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("orderState")).isEqualTo("APPROVED");
    assertThat(answer.text("orderTotal.amount")).isEqualTo("120.50");
    assertThat(answer.text("orderTotal.currency")).isEqualTo("EUR");
    assertThat(answer.text("customerId")).isEqualTo(customer.toString());
    assertThat(answer.text("placedAt")).isNotNull();
    assertThat(answer.body().has("rejectionReason")).isFalse();
    assertThat(answer.header("Location")).isEqualTo("/orders/" + answer.text("orderId"));
    assertThat(service.get(answer.header("Location")).body()).isEqualTo(answer.body());
  }

  @Test
  void equalityIsAllowedAndACentMoreIsRejected() {
    var customer = service.customerWithLimit("500");

    assertThat(service.place(customer, "499.99").text("orderState")).isEqualTo("APPROVED");
    var over = service.place(customer, "0.02");
    assertThat(over.status()).isEqualTo(201);
    assertThat(over.text("orderState")).isEqualTo("REJECTED");
    assertThat(over.text("rejectionReason")).isEqualTo("INSUFFICIENT_CREDIT");
    assertThat(service.place(customer, "0.01").text("orderState")).isEqualTo("APPROVED");
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("0.00");
  }

  @Test
  void ofManyOrdersAtOnceExactlyAsManyAreApprovedAsFit() {
    // the first order loads what the others use: sixteen at once would wait for that at the gate
    service.place(service.customerWithLimit("1"), "1");
    for (int round = 0; round < 10; round++) {
      var customer = service.customerWithLimit("50");
      var answers = Together.times(16, () -> service.place(customer, "10"));

      assertThat(answers).allMatch(answer -> answer.status() == 201);
      assertThat(answers.stream().filter(answer -> "APPROVED".equals(answer.text("orderState"))))
          .hasSize(5);
      assertThat(history(customer)).isEqualTo(16);
      assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("50.00");
    }
  }

  @Test
  void aTotalThatNoColumnCouldHoldTogetherWithTheExposureIsRejected() {
    var customer = service.customerWithLimit("99999999999999999.99");

    assertThat(service.place(customer, "99999999999999999.99").text("orderState"))
        .isEqualTo("APPROVED");
    var absurd = service.place(customer, "99999999999999999.99");
    assertThat(absurd.status()).isEqualTo(201);
    assertThat(absurd.text("rejectionReason")).isEqualTo("INSUFFICIENT_CREDIT");
  }

  @Test
  void aLimitBelowTheExposureLetsOpenOrdersStayAndApprovesNothingMore() {
    var customer = service.customerWithLimit("500");
    service.place(customer, "400");

    service.take(customer, "100", 2);

    var credit = service.credit(customer);
    assertThat(credit.text("creditLimit.amount")).isEqualTo("100.00");
    assertThat(credit.text("exposure.amount")).isEqualTo("400.00");
    assertThat(credit.text("available.amount")).isEqualTo("0.00");
    assertThat(credit.text("overLimitBy.amount")).isEqualTo("300.00");
    assertThat(credit.body().get("limitVersion").asLong()).isEqualTo(2);
    assertThat(credit.body().get("limitAgeMs").asLong()).isBetween(0L, 60_000L);
    assertThat(credit.text("source")).isEqualTo("replica");
    assertThat(service.place(customer, "0.01").text("orderState")).isEqualTo("REJECTED");
  }

  @Test
  void cancellingGivesBackTheTotalOnceHoweverOftenItIsRepeated() {
    var customer = service.customerWithLimit("500");
    service.place(customer, "100");
    var order = service.place(customer, "50").text("orderId");

    var first = service.cancel(order);
    var second = service.cancel(order);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.text("orderState")).isEqualTo("CANCELLED");
    assertThat(first.text("cancelledAt")).isNotNull();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("100.00");
  }

  @Test
  void manyCancelsAtOnceGiveBackTheTotalOnce() {
    for (int round = 0; round < 10; round++) {
      var customer = service.customerWithLimit("500");
      service.place(customer, "100");
      var order = service.place(customer, "50").text("orderId");

      var answers = Together.times(16, () -> service.cancel(order));

      assertThat(answers).allMatch(answer -> answer.status() == 200);
      assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("100.00");
    }
  }

  @Test
  void aRejectedOrderCannotBeCancelled() {
    var customer = service.customerWithLimit("1");
    var order = service.place(customer, "2").text("orderId");

    var answer = service.cancel(order);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("order-not-cancellable");
  }

  @Test
  void anUnknownOrderIsNotFound() {
    var nowhere = UUID.randomUUID();

    assertThat(service.get("/orders/" + nowhere).text("code")).isEqualTo("unknown-order");
    assertThat(service.get("/orders/" + nowhere + "/trace").status()).isEqualTo(404);
    assertThat(service.cancel(nowhere.toString()).status()).isEqualTo(404);
  }

  @Test
  void aNotFoundFromAWrongAddressRejectsNobody() throws Exception {
    try (var elsewhere = owner.isSomebodyElse()) {
      var answer = service.place(UUID.randomUUID(), "5");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("code")).isEqualTo("part-away");
    }
  }

  @Test
  void anOrderOfACustomerWhomNobodyKnowsIsStoredAsRejected() {
    var customer = UUID.randomUUID();
    int asked = owner.asked();

    var answer = service.place(customer, "5");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("orderState")).isEqualTo("REJECTED");
    assertThat(answer.text("rejectionReason")).isEqualTo("UNKNOWN_CUSTOMER");
    assertThat(owner.asked()).isEqualTo(asked + 1);
    assertThat(service.get("/orders/" + answer.text("orderId")).body()).isEqualTo(answer.body());
    assertThat(service.get("/orders/" + answer.text("orderId") + "/trace").text("why"))
        .startsWith("R4");
    assertThat(service.credit(customer).status()).isEqualTo(404);
    assertThat(service.credit(customer).text("detail")).contains("no copy of a credit limit");
  }

  @Test
  void anOrderThatOvertakesItsCustomerIsToldToComeBackAndNothingIsStored() {
    var customer = UUID.randomUUID();
    owner.knows(customer);

    var answer = service.place(customer, "5");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("code")).isEqualTo("customer-not-yet-here");
    assertThat(answer.body().get("retryable").asBoolean()).isTrue();
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(history(customer)).isZero();
    service.take(customer, "10", 1);
    assertThat(service.place(customer, "5").text("orderState")).isEqualTo("APPROVED");
  }

  @Test
  void whileCustomerServiceIsSilentAnUnknownCustomerIsNotGuessed() throws Exception {
    var customer = UUID.randomUUID();
    int asked = owner.asked();
    try (var silence = owner.silent()) {
      var answer = service.place(customer, "5"); // comes while the silence lasts

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("code")).isEqualTo("part-away");
      assertThat(answer.header("Retry-After")).isEqualTo("1");
      assertThat(answer.took().toMillis()).isLessThan(1_500);
      await().until(() -> owner.asked() == asked + 1);
    }
    assertThat(CustomerOwner.ANSWERS_WITHIN).isLessThan(Duration.ofSeconds(1));
    assertThat(history(customer)).isZero();
  }

  private int history(UUID customer) {
    return service.get("/customers/" + customer + "/orderhistory").body().get("items").size();
  }
}
