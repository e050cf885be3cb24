package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.TentativeCopy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A check that has never been seen to fail is no check. */
class LedgerReplayIT {

  private static OrdersDatabase database;

  @BeforeAll
  static void makeAHistory() {
    database = new OrdersDatabase();
    try (var owner = new Owner();
        var service = new OrderService(database, owner)) {
      var customer = service.customerWithLimit("100");
      service.place(customer, "60");
      service.place(customer, "60");
      service.take(customer, "150", 2);
      var cancelled = service.place(customer, "60").text("orderId");
      service.place(customer, "30.01");
      service.cancel(cancelled);
      service.place(customer, "90");
      var raised = new ActionId("raised");
      var limits = service.bean(TentativeCopy.class);
      limits.place(OrderService.versioned(ChangeId.random(), customer, "400", 3), raised);
      service.place(customer, "150");
      limits.complete(raised);
      var lowered = new ActionId("lowered");
      limits.place(OrderService.versioned(ChangeId.random(), customer, "200", 4), lowered);
      service.place(customer, "60");
      limits.compensate(lowered);
    }
  }

  @AfterAll
  static void close() throws Exception {
    database.close();
  }

  @Test
  void anHonestHistoryIsFoundRight() {
    var found = new LedgerReplay(database.admin()).run();

    assertThat(found.wrong()).isEmpty();
    assertThat(found).isEqualTo(new LedgerReplay.Findings(1, 2, 3, 4, 1, java.util.List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update orders set state = 'APPROVED', rejection_reason = null where state = 'REJECTED'",
        "update orders set state = 'REJECTED', rejection_reason = 'INSUFFICIENT_CREDIT'"
            + " where state = 'APPROVED'",
        "update credit_account set exposure = exposure + 0.01",
        "update credit_account set credit_limit = credit_limit + 1",
        "update credit_account set sequence = sequence + 1",
        "update orders set exposure_before = exposure_before + 0.01 where state = 'APPROVED'",
        "update orders set limit_version = limit_version + 1 where state = 'REJECTED'",
        "update orders set total = total + 0.01 where state = 'CANCELLED'",
        "update orders set cancelled_sequence = decided_sequence where state = 'CANCELLED'",
        "update orders set state = 'APPROVED', cancelled_at = null where state = 'CANCELLED'",
        "delete from orders where state = 'APPROVED'",
        "update orders set pending_limit = pending_limit + 1 where pending_limit is not null",
        "update orders set pending_limit = null where pending_limit is not null",
        "update limit_change set credit_limit = 300 where action = 'lowered'",
        "update limit_change set credit_limit = 300 where action = 'raised'",
        "update limit_change set state = 'applied' where action = 'lowered'",
        "update limit_change set state = 'refused' where action = 'raised'",
        "update limit_change set placed_sequence = null where action = 'raised'",
        "update limit_change set sequence = null where action = 'lowered'",
        "update orders set state = 'APPROVED', rejection_reason = null where pending_limit = 200",
        "update credit_account set tentative_limit = 1, tentative_change = customer_id",
        "update limit_change set sequence = null where version = 2",
        "update limit_change set credit_limit = 1000 where version = 2",
        "delete from limit_change where version = 1",
        "update orders set decided_sequence = null where state = 'REJECTED'"
      })
  void everyLieIsFound(String lie) throws Exception {
    var url = database.url();
    try (var source = new SingleConnectionDataSource(url, "postgres", "", true)) {
      source.getConnection().setAutoCommit(false); // a lie is never committed
      var jdbc = JdbcClient.create(source);
      assertThat(jdbc.sql(lie).update()).as("rows that lie").isPositive();

      assertThat(new LedgerReplay(jdbc).run().wrong()).isNotEmpty();

      source.getConnection().rollback();
    }
  }
}
