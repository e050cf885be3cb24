package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.Refusal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

@ExtendWith(Shop.class)
class LimitCopyIT {

  private final OrderService service;
  private final OrdersDatabase database;
  private final Owner owner;

  LimitCopyIT(OrderService service, OrdersDatabase database, Owner owner) {
    this.service = service;
    this.database = database;
    this.owner = owner;
  }

  @Test
  void theFirstLimitMakesTheAccountAndANewerOneReplacesIt() {
    var customer = service.customerWithLimit("100");
    assertThat(account(customer)).containsEntry("sequence", 1L);

    service.take(customer, "200", 2);

    assertThat(account(customer)).containsEntry("limit_version", 2L).containsEntry("sequence", 2L);
    assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("200.00");
  }

  @Test
  void anOlderOrEqualVersionLeavesTheAccountAloneAndIsRecordedWithoutASequence() {
    var customer = service.customerWithLimit("100");
    service.take(customer, "300", 3);
    var before = account(customer);
    var late = ChangeId.random();

    service.take(OrderService.versioned(late, customer, "200", 2), false);
    service.take(OrderService.versioned(ChangeId.random(), customer, "400", 3), false);

    assertThat(account(customer)).isEqualTo(before);
    assertThat(change(late)).containsEntry("state", "applied").containsEntry("sequence", null);
  }

  /**
   * Where the owner has committed, nothing can be refused: but it is not passed over in silence.
   */
  @Test
  void aSecondChangeUnderTheSameVersionIsAnAnomalyAndALateOneIsNot() {
    var customer = service.customerWithLimit("100");
    service.take(customer, "300", 3);
    var late = ChangeId.random();
    var second = ChangeId.random();

    service.take(OrderService.versioned(late, customer, "200", 2), false);
    service.take(OrderService.versioned(second, customer, "400", 3), false);

    var anomalies = service.internal("GET", "/internal/anomalies", "").body().get("anomalies");
    assertThat(anomalies.findValuesAsString("changeId"))
        .contains(second.toString())
        .doesNotContain(late.toString());
  }

  @Test
  void aCopyThatIsAheadOfItsOwnerVetoesAndTakesNothing() {
    var customer = service.customerWithLimit("100");
    service.take(customer, "300", 3);
    var before = account(customer);

    for (long version : List.of(2L, 3L)) {
      var change = ChangeId.random();
      assertThatThrownBy(
              () -> service.take(OrderService.versioned(change, customer, "200", version), true))
          .isInstanceOfSatisfying(
              ChangeRefused.class,
              refused -> {
                assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.COPY_IS_AHEAD);
                assertThat(refused.refusal().detail()).contains("already has version 3");
              });
      assertThat(service.internal("GET", "/internal/limit-changes/" + change, "").text("state"))
          .isEqualTo("unknown");
    }
    assertThat(account(customer)).isEqualTo(before);
  }

  @Test
  void aCopyThatIsAheadDoesNotPrepare() {
    var customer = service.customerWithLimit("100");
    service.take(customer, "300", 3);

    var change = ChangeId.random();
    var answer = service.work(change, customer, "200", 2);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("code")).isEqualTo("copy-ahead");
    assertThat(answer.body().get("retryable").asBoolean()).isFalse();
    assertThat(service.internal("GET", "/internal/limit-changes/" + change, "").text("state"))
        .isEqualTo("unknown");
  }

  @Test
  void theSameChangeOnceMoreIsNotTakenForACopyThatIsAhead() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    service.commit(service.prepare(change, customer, "200", 2));

    assertThat(service.work(change, customer, "200", 2).text("vote")).isEqualTo("prepared");
  }

  @Test
  void aChangeIdThatIsSpentIsNotTakenAgain() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    service.take(OrderService.versioned(change, customer, "200", 2), true);
    var before = account(customer);

    assertThatThrownBy(() -> service.take(OrderService.versioned(change, customer, "300", 3), true))
        .isInstanceOf(DuplicateKeyException.class);
    assertThat(account(customer)).isEqualTo(before);
  }

  @Test
  void anAccountThatIsLockedIsNotWaitedForLong() {
    var customer = service.customerWithLimit("100");
    var branch = service.prepare(ChangeId.random(), customer, "200", 2);
    try {
      assertThatThrownBy(() -> service.take(customer, "300", 3))
          .isInstanceOf(PessimisticLockingFailureException.class);
    } finally {
      service.rollback(branch);
    }
  }

  @Test
  void aLimitBelowTheExposureIsVetoedOnlyWhereThatIsSetAndAllowed() {
    try (var strict = new OrderService(database, owner, "--tandem.credit.below-exposure=reject")) {
      var customer = strict.customerWithLimit("500");
      strict.place(customer, "400");
      var change = ChangeId.random();

      assertThatThrownBy(
              () -> strict.take(OrderService.versioned(change, customer, "399.99", 2), true))
          .isInstanceOfSatisfying(
              ChangeRefused.class,
              refused ->
                  assertThat(refused.refusal().reason()).isEqualTo(Refusal.Reason.BELOW_EXPOSURE));
      assertThat(strict.credit(customer).text("creditLimit.amount")).isEqualTo("500.00");
      assertThat(strict.internal("GET", "/internal/limit-changes/" + change, "").text("state"))
          .isEqualTo("unknown");

      strict.take(customer, "400", 2);
      strict.take(OrderService.versioned(ChangeId.random(), customer, "100", 3), false);
      assertThat(strict.credit(customer).text("overLimitBy.amount")).isEqualTo("300.00");
    }
  }

  private Map<String, Object> account(UUID customer) {
    return database
        .admin()
        .sql("select * from credit_account where customer_id = ?")
        .param(customer)
        .query()
        .singleRow();
  }

  private Map<String, Object> change(ChangeId change) {
    return database
        .admin()
        .sql("select * from limit_change where change_id = ?")
        .param(change.value())
        .query()
        .singleRow();
  }
}
