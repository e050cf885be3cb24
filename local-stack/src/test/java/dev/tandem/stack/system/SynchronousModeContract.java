package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a mode has to keep besides that asks order-service before it answers: order-service may
 * veto, and a change that it cannot be asked about is refused.
 */
abstract class SynchronousModeContract extends ModeContract {
  private static final Duration IN_TIME = Duration.ofSeconds(3);

  SynchronousModeContract(RunningShop shop, String... notPromised) {
    super(shop, notPromised);
  }

  @Test
  final void aVetoedChangeIsAnsweredWithItsReason() throws Exception {
    var customer = shop.newCustomer("100.00");
    shop.approvedOrder(customer, "80.00");

    var vetoed = client.changeLimit(customer, 1, "79.99", null);

    assertThat(vetoed.inWords()).isEqualTo("409 below-exposure");
    assertThat(client.credit(customer).text("creditLimit.amount")).isEqualTo("100.00");
    assertNothingIsLocked(customer);
  }

  @Test
  final void aVetoedChangeLeavesNoTrace() throws Exception {
    var customer = shop.newCustomer("100.00");
    shop.approvedOrder(customer, "80.00");
    var before = shop.tables().contents();

    var vetoed = client.changeLimit(customer, 1, "79.99", null);

    assertThat(vetoed.status()).isEqualTo(409);
    BrokenPromise.unless(shop.tables().unchangedSince(before));
    BrokenPromise.unless(shop.check().refusedDidNot(List.of(vetoed.text("changeId"))));
    assertThat(client.limitChange(vetoed.text("changeId")).text("reason"))
        .isEqualTo("below-exposure");
  }

  @Test
  final void withoutOrderServiceChangesAreRefusedInTimeAndOrdersResumeWithIt() throws Exception {
    var customer = shop.newCustomer("100.00");
    var before = client.customer(customer);
    try (var away = shop.killed("order-service")) {
      assertRefusedInTime(client.changeLimit(customer, before.version(), "200.00", null));
      assertRefusedInTime(client.createCustomer("Bob", "100.00", null));
      assertNothingIsLocked(customer);
    }
    shop.approvedOrder(customer, "100.00");
  }

  @Test
  final void whatIsRefusedWhileOrderServiceStandsStillLeavesNoTrace() throws Exception {
    var customer = shop.newCustomer("100.00");
    var before = shop.tables().contents();
    try (var standsStill = shop.frozen("order-service")) {
      assertRefusedInTime(client.changeLimit(customer, 1, "200.00", null));
      assertRefusedInTime(client.createCustomer("Bob", "100.00", null));
    }
    shop.awaitNothingUnderWay(); // it takes up the work only now, too late
    BrokenPromise.unless(shop.tables().unchangedSince(before));
  }

  private static void assertRefusedInTime(Answer answer) {
    assertThat(answer.inWords()).isEqualTo("503 part-away");
    assertThat(answer.header("retry-after")).isPresent();
    assertThat(answer.took()).isLessThan(IN_TIME);
  }
}
