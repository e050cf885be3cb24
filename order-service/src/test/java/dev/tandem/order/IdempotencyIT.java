package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Shop.class)
class IdempotencyIT {

  private final OrderService service;
  private final Owner owner;
  private final String key = "key-" + UUID.randomUUID();

  IdempotencyIT(OrderService service, Owner owner) {
    this.service = service;
    this.owner = owner;
  }

  @Test
  void theSameKeyAgainGetsTheSameAnswerAndOneOrder() {
    var customer = service.customerWithLimit("100");

    var first = place(customer, "60");
    var second = place(customer, "60.00");

    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("60.00");
  }

  @Test
  void aRejectionIsRepeatedTooAlsoWhenTheOrderWouldFitByNow() {
    var customer = service.customerWithLimit("10");
    var first = place(customer, "60");
    assertThat(first.text("orderState")).isEqualTo("REJECTED");

    service.take(customer, "100", 2);

    assertThat(place(customer, "60").body()).isEqualTo(first.body());
    assertThat(place(customer, "60").status()).isEqualTo(201);
  }

  @Test
  void anOrderThatWasCancelledSinceIsAnsweredAsItWasPlaced() {
    var customer = service.customerWithLimit("100");
    var first = place(customer, "60");
    service.cancel(first.text("orderId"));

    var again = place(customer, "60");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(service.get(first.header("Location")).text("orderState")).isEqualTo("CANCELLED");
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    var customer = service.customerWithLimit("100");
    place(customer, "60");

    for (var other :
        new OrderService.Answer[] {place(customer, "1"), place(UUID.randomUUID(), "60")}) {
      assertThat(other.status()).isEqualTo(422);
      assertThat(other.text("code")).isEqualTo("idempotency-key-reused");
    }
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("60.00");
  }

  @Test
  void theSameKeyManyTimesAtOnceMakesOneOrderThatAllGet() {
    for (int round = 0; round < 5; round++) {
      var customer = service.customerWithLimit("100");
      var roundKey = key + round;
      var answers =
          Together.times(16, () -> service.place(customer, "10", "Idempotency-Key", roundKey));

      assertThat(answers).allMatch(answer -> answer.status() == 201);
      assertThat(answers.stream().map(OrderService.Answer::body).collect(Collectors.toSet()))
          .hasSize(1);
      assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("10.00");
    }
  }

  @Test
  void theSameKeyManyTimesAtOnceForAnUnknownCustomerMakesOneOrder() {
    var customer = UUID.randomUUID();

    var answers = Together.times(8, () -> place(customer, "10"));

    assertThat(answers).allMatch(answer -> answer.status() == 201);
    assertThat(answers.stream().map(OrderService.Answer::body).collect(Collectors.toSet()))
        .hasSize(1);
  }

  @Test
  void nothingIsKeptOfARequestThatCouldNotBeDecided() {
    var customer = UUID.randomUUID();
    owner.knows(customer);
    assertThat(place(customer, "10").status()).isEqualTo(503);

    service.take(customer, "100", 1);

    assertThat(place(customer, "10").text("orderState")).isEqualTo("APPROVED");
  }

  @Test
  void aCancelTakesAKeyAndNeedsNone() {
    var customer = service.customerWithLimit("100");
    var order = place(customer, "10").text("orderId");

    var cancelled = service.post("/orders/" + order + "/cancel", "", "Idempotency-Key", key);

    assertThat(cancelled.status()).isEqualTo(200);
  }

  private OrderService.Answer place(UUID customer, String amount) {
    return service.place(customer, amount, "Idempotency-Key", key);
  }
}
