package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What one instance decides while another one has the account's lock. Within an instance the gate
 * lets one request after the other to an account, so only the lock itself is asked here.
 */
@ExtendWith(Shop.class)
class SeveralInstancesIT {

  private static OrderService service;

  private final CreditAccounts elsewhere;
  private final LockWait locks;

  SeveralInstancesIT(OrdersDatabase database) {
    this.elsewhere = service.bean(CreditAccounts.class);
    this.locks = new LockWait(service, database);
  }

  @BeforeAll
  static void start(OrdersDatabase database, Owner owner, Actions actions) {
    service = LockWait.patientInstance(database, owner, actions);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void anOrderThatHasWaitedForTheLockCountsTheOneApprovedMeanwhile() throws Exception {
    var customer = service.customerWithLimit("100");
    var first = new NewOrder(UUID.randomUUID(), customer, new BigDecimal("60"), null);

    var second =
        locks.whileLocked(
            () -> elsewhere.admit(first, Freshness.any(null)), () -> service.place(customer, "50"));

    assertThat(second.text("orderState")).isEqualTo("REJECTED");
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("60.00");
  }

  @Test
  void anOrderThatHasWaitedForTheLockHasWhatACancelGaveBackMeanwhile() throws Exception {
    var customer = service.customerWithLimit("100");
    var first = UUID.fromString(service.place(customer, "60").text("orderId"));

    var second =
        locks.whileLocked(() -> elsewhere.cancel(first), () -> service.place(customer, "50"));

    assertThat(second.text("orderState")).isEqualTo("APPROVED");
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("50.00");
  }

  @Test
  void aCancelThatHasWaitedForTheSameCancelGivesNothingBackAgain() throws Exception {
    var customer = service.customerWithLimit("100");
    service.place(customer, "30");
    var order = service.place(customer, "20").text("orderId");

    var second =
        locks.whileLocked(
            () -> elsewhere.cancel(UUID.fromString(order)), () -> service.cancel(order));

    assertThat(second.status()).isEqualTo(200);
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("30.00");
  }
}
