package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.TentativeCopy;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first account of a customer comes with an early version that is late, while a later version
 * is pending already: one after the other, and both at once.
 */
@ExtendWith(Shop.class)
class FirstAccountIT {

  private static OrderService service;

  private final OrdersDatabase database;
  private final TentativeCopy tentative;
  private final LockWait locks;
  private final UUID customer = UUID.randomUUID();
  private final ActionId action = new ActionId("first-" + UUID.randomUUID());

  FirstAccountIT(OrdersDatabase database) {
    this.database = database;
    this.tentative = service.bean(TentativeCopy.class);
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
  void itCarriesALimitThatIsPendingAlready() {
    place();

    takeFirst();

    assertThat(account())
        .containsEntry("limit_version", 1L)
        .containsEntry("tentative_limit", new java.math.BigDecimal("40.00"))
        .containsEntry("sequence", 2L);
    assertThat(service.place(customer, "50").text("orderState")).isEqualTo("REJECTED");
    assertThat(service.place(customer, "40").text("orderState")).isEqualTo("APPROVED");
    tentative.complete(action);
    assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("40.00");
    assertThat(account()).containsEntry("tentative_limit", null);
    nothingIsWrong();
  }

  @Test
  void whatItCarriesIsTakenBackWhenTheActionIs() {
    place();
    takeFirst();

    tentative.compensate(action);

    assertThat(service.credit(customer).text("available.amount")).isEqualTo("100.00");
    assertThat(account()).containsEntry("tentative_limit", null).containsEntry("sequence", 3L);
    nothingIsWrong();
  }

  @Test
  void aSecondPendingLimitIsRefusedAlsoWithoutAnAccount() {
    place();
    var second = OrderService.versioned(ChangeId.random(), customer, "10", 3);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> tentative.place(second, new ActionId("second-" + action)))
        .isInstanceOf(ChangeRefused.class);
  }

  @Test
  void aPendingLimitWaitsForTheAccountThatIsBeingMade() throws Exception {
    atOnce(this::takeFirst, this::place);
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("40.00");
    tentative.compensate(action);
    nothingIsWrong();
  }

  @Test
  void theAccountWaitsForThePendingLimitThatIsBeingPlaced() throws Exception {
    atOnce(this::place, this::takeFirst);
    assertThat(service.credit(customer).text("available.amount")).isEqualTo("40.00");
    tentative.complete(action);
    nothingIsWrong();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anActionThatEndsWhileTheAccountIsBeingMadeLeavesNothingPendingInIt(boolean well)
      throws Exception {
    place();
    atOnce(this::takeFirst, () -> end(well));
    assertThat(account()).containsEntry("tentative_limit", null);
    assertThat(service.credit(customer).text("available.amount"))
        .isEqualTo(well ? "40.00" : "100.00");
    nothingIsWrong();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAccountDoesNotCarryTheLimitOfAnActionThatIsEnding(boolean well) throws Exception {
    place();
    atOnce(() -> end(well), this::takeFirst);
    assertThat(account()).containsEntry("tentative_limit", null);
    assertThat(service.credit(customer).text("available.amount"))
        .isEqualTo(well ? "40.00" : "100.00");
    nothingIsWrong();
  }

  private void takeFirst() {
    service.take(OrderService.versioned(ChangeId.random(), customer, "100", 1), false);
  }

  private void place() {
    tentative.place(OrderService.versioned(ChangeId.random(), customer, "40", 2), action);
  }

  private void end(boolean well) {
    if (well) {
      tentative.complete(action);
    } else {
      tentative.compensate(action);
    }
  }

  private void atOnce(Runnable first, Runnable second) throws Exception {
    locks.whileLocked(
        first,
        () -> {
          second.run();
          return null;
        });
  }

  private Map<String, Object> account() {
    return database
        .admin()
        .sql("select * from credit_account where customer_id = ?")
        .param(customer)
        .query()
        .singleRow();
  }

  private void nothingIsWrong() {
    assertThat(new LedgerReplay(database.admin()).run().wrong())
        .filteredOn(wrong -> wrong.startsWith(customer.toString()))
        .isEmpty();
  }
}
