package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.shop.ShopCheck;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every check is tested on a lie: on a shop in order it holds, on a damaged one it does not. */
@InMode("xa")
class ChecksIT {
  private interface Check {
    Evidence of(ShopCheck shop) throws SQLException;
  }

  /** Damage to one database, and the check that must see it. */
  record Damage(String name, String database, String sql, Check seenBy) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final RunningShop shop;
  private String ada = "";
  private String raised = "";

  ChecksIT(RunningShop shop) {
    this.shop = shop;
  }

  /** A shop in which everything has happened once, and everything is in order. */
  @BeforeEach
  void openTheShop() throws Exception {
    shop.tables().empty();
    var client = shop.client();
    ada = shop.newCustomer("100.00");
    shop.approvedOrder(ada, "60.00");
    client.cancelOrder(shop.approvedOrder(ada, "30.00"));
    client.placeOrder(ada, "50.00");
    raised = shop.limitChanged(ada, 1, "200.00").text("changeId");
    shop.approvedOrder(ada, "130.00");
    shop.newCustomer("5.00");
    for (var evidence : shop.check().all()) {
      BrokenPromise.unless(evidence);
    }
    BrokenPromise.unless(shop.check().acknowledgedTookPlace(List.of(raised)));
  }

  @AfterEach
  void closeTheShop() throws Exception {
    shop.tables().empty();
  }

  static Stream<Damage> damages() {
    return Stream.of(
        copy(
            "a copy edited by hand",
            "update credit_account set credit_limit = credit_limit + 1",
            ShopCheck::bothSidesAgree),
        copy(
            "a copy of another version",
            "update credit_account set limit_version = 7",
            ShopCheck::bothSidesAgree),
        copy(
            "a copy that is gone",
            "delete from credit_account where exposure = 0",
            ShopCheck::bothSidesAgree),
        copy(
            "a copy of nobody",
            "insert into credit_account values (gen_random_uuid(), 1, 1)",
            ShopCheck::bothSidesAgree),
        owner(
            "an owner's limit edited by hand",
            "update customer set credit_limit = 6 where credit_limit = 5",
            ShopCheck::bothSidesAgree),
        copy(
            "a tentative limit that is left",
            "update credit_account set tentative_limit = 1, tentative_change = gen_random_uuid()",
            ShopCheck::nothingIsUnderWay),
        owner(
            "a customer that is barred from changes",
            "update customer set open_change = gen_random_uuid() where credit_limit = 5",
            ShopCheck::nothingIsUnderWay),
        owner(
            "a change that waits for its end at the owner",
            "update limit_change set state = 'pending', action = 'a', pending_since = now() where version = 2",
            ShopCheck::nothingIsUnderWay),
        copy(
            "a change that waits for its end at the copy",
            "update limit_change set state = 'pending', action = 'a', pending_since = now() where version = 2",
            ShopCheck::nothingIsUnderWay),
        owner(
            "an answer that is owed",
            "insert into open_change values (gen_random_uuid(), gen_random_uuid(), 'change', 'lra', 1)",
            ShopCheck::noAnswerIsOwed),
        owner(
            "an anomaly at the owner",
            "insert into anomaly (change_id, mode, what) values (gen_random_uuid(), 'lra', 'lie')",
            ShopCheck::noAnomaly),
        copy(
            "an anomaly at the copy",
            "insert into anomaly (change_id, mode, what) values (gen_random_uuid(), 'lra', 'lie')",
            ShopCheck::noAnomaly),
        owner(
            "a version that was skipped",
            "update customer set version = 3 where version = 2",
            ShopCheck::noVersionIsMissing),
        owner(
            "a change that was overwritten",
            "update customer set credit_limit = 7 where version = 2",
            ShopCheck::noVersionIsMissing),
        copy(
            "a change that was applied twice at the copy",
            "insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version) select gen_random_uuid(), customer_id, kind, mode, state, credit_limit, version from limit_change where version = 2",
            ShopCheck::noVersionIsMissing),
        copy(
            "an order above a tentative limit",
            "update limit_change set placed_sequence = 7, sequence = 8 where version = 2; update orders set pending_limit = 50, decided_sequence = 9 where total = 130; update credit_account set sequence = 9 where exposure > 5",
            ShopCheck::noOrderIsBeyondItsLimit),
        owner(
            "a customer that is gone",
            "delete from customer where credit_limit = 5",
            ShopCheck::bothSidesAgree),
        copy(
            "a change that the copy has lost",
            "delete from limit_change where version = 2",
            ShopCheck::noChangeIsHalfDone),
        owner(
            "a change that the owner has lost",
            "delete from limit_change where version = 2",
            ShopCheck::noChangeIsHalfDone),
        copy(
            "a change that only the copy refused",
            "update limit_change set state = 'refused' where version = 2",
            ShopCheck::noChangeIsHalfDone),
        owner(
            "a change that only the owner refused",
            "update limit_change set state = 'refused' where version = 2",
            ShopCheck::noChangeIsHalfDone),
        copy(
            "an exposure edited by hand",
            "update credit_account set exposure = exposure + 1 where exposure > 0",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an exposure of a customer without orders",
            "update credit_account set exposure = 1 where exposure = 0",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an exposure without any history",
            "delete from limit_change; delete from orders",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "a larger order",
            "update orders set total = 150 where total = 130",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "a rejected order made approved",
            "update orders set state = 'APPROVED', rejection_reason = null where total = 50",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an approved order made rejected",
            "update orders set state = 'REJECTED', rejection_reason = 'INSUFFICIENT_CREDIT' where total = 60",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "a cancel that gave nothing back",
            "update orders set state = 'CANCELLED', cancelled_at = now(), cancelled_sequence = 99 where total = 60",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "a decision on another limit",
            "update orders set credit_limit = 500 where total = 130",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an order that came twice",
            "update orders set decided_sequence = 2 where total = 130",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an order that is gone",
            "delete from orders where total = 60",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "an order that is gone with its exposure",
            "delete from orders where total = 60; update credit_account set exposure = exposure - 60 where exposure > 0",
            ShopCheck::noOrderIsBeyondItsLimit),
        copy(
            "the last order gone with its exposure",
            "delete from orders where total = 130; update credit_account set exposure = exposure - 130 where exposure > 0",
            ShopCheck::noOrderIsBeyondItsLimit));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void damageIsSeen(Damage damage) throws Exception {
    shop.tables().execute(damage.database(), damage.sql());

    var evidence = damage.seenBy().of(shop.check());

    assertThat(evidence.holds()).as(evidence.toString()).isFalse();
    System.out.println(damage + ": " + evidence.words());
  }

  @ParameterizedTest
  @ValueSource(strings = {Tables.OWNER, Tables.COPY})
  void aBranchLeftBehindIsSeen(String database) throws Exception {
    try (var left = shop.tables().preparedByHand(database, "create table left_behind (x int)")) {
      assertThat(shop.check().nothingIsUnderWay().holds()).isFalse();
      assertThat(shop.check().nothingIsUnderWay().words()).contains("by hand");
    }
    assertThat(shop.check().nothingIsUnderWay().holds()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {Tables.OWNER, Tables.COPY})
  void anAcknowledgedChangeThatIsGoneIsSeen(String database) throws Exception {
    shop.tables().execute(database, "delete from limit_change where version = 2");

    var evidence = shop.check().acknowledgedTookPlace(List.of(raised));

    assertThat(evidence.holds()).isFalse();
    assertThat(evidence.words()).contains(raised);
  }

  @Test
  void anAcknowledgedChangeThatNeverWasIsSeen() throws Exception {
    var never = UUID.randomUUID().toString();
    assertThat(shop.check().acknowledgedTookPlace(List.of(raised, never)).words())
        .isEqualTo("1 of 2 wrong, the first: " + never);
  }

  @ParameterizedTest
  @ValueSource(strings = {Tables.OWNER, Tables.COPY})
  void aRefusedChangeThatTookPlaceIsSeen(String database) throws Exception {
    var other = database.equals(Tables.OWNER) ? Tables.COPY : Tables.OWNER;
    shop.tables().execute(other, "delete from limit_change where version = 2");

    assertThat(shop.check().refusedDidNot(List.of(raised)).holds()).isFalse();
  }

  @Test
  void anAnomalyIsForSomebodyToLookAt() throws Exception {
    assertThat(shop.stack().unsettled().needsSomebody()).isFalse();
    for (var part : List.of("customer-service", "order-service")) {
      shop.tables()
          .execute(
              part.startsWith("customer") ? Tables.OWNER : Tables.COPY,
              "insert into anomaly (change_id, mode, what) values ('%s', 'xa', 'a lie')"
                  .formatted(raised));

      var told = shop.internal("GET", shop.internalUrl(part) + "/internal/anomalies", "");
      assertThat(told.text("anomalies.0.changeId")).as(part).isEqualTo(raised);
    }

    assertThat(shop.stack().unsettled().anomalies()).isEqualTo(2);
    assertThat(shop.stack().unsettled().needsSomebody()).isTrue();
  }

  private static Damage owner(String name, String sql, Check seenBy) {
    return new Damage(name, Tables.OWNER, sql, seenBy);
  }

  private static Damage copy(String name, String sql, Check seenBy) {
    return new Damage(name, Tables.COPY, sql, seenBy);
  }
}
