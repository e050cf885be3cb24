package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All orders, to look at. They come into being and end in {@link CreditAccounts}. */
@Repository
class Orders {

  /** Which orders to list; null filters nothing. */
  record Filter(@Nullable UUID customer, @Nullable OrderState state) {

    /**
     * Reads what a client sent. An empty filter is a wrong one, not none.
     *
     * @throws ApiProblem 400 if it cannot be read
     */
    static Filter parse(@Nullable String customerId, @Nullable String state) {
      return new Filter(
          parse("customerId", "a UUID", customerId, UUID::fromString),
          parse("state", "one of " + List.of(OrderState.values()), state, OrderState::valueOf));
    }

    private static <T> @Nullable T parse(
        String field, String form, @Nullable String text, Function<String, T> reader) {
      try {
        return text == null ? null : reader.apply(text);
      } catch (IllegalArgumentException unreadable) {
        throw ApiProblem.badField(field, "must be " + form);
      }
    }
  }

  private final JdbcClient jdbc;

  Orders(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Order> find(UUID order) {
    return jdbc.sql("select * from orders where order_id = ?")
        .param(order)
        .query(Orders::read)
        .optional();
  }

  /** The order that was placed under an idempotency key. */
  Optional<Order> placedUnder(RequestKey key) {
    return jdbc.sql("select * from orders where idempotency_key = ?")
        .param(key.key())
        .query(Orders::read)
        .optional();
  }

  /**
   * In the order of placing. For one customer that is exact: numbers are given under the account's
   * lock. Over all customers, an order that is being stored at this moment may get its place before
   * one that was listed already.
   */
  List<Order> list(Filter filter, long after, int limit) {
    return jdbc.sql(
            """
            select * from orders
            where order_number > :after
            """
                + (filter.customer == null ? "" : "and customer_id = :customer\n")
                + (filter.state == null ? "" : "and state = :state\n")
                + "order by order_number limit :limit")
        .param("after", after)
        .param("customer", filter.customer)
        .param("state", filter.state == null ? null : filter.state.name(), Types.VARCHAR)
        .param("limit", limit)
        .query(Orders::read)
        .list();
  }

  /** Stores the order as rejected: nobody knows its customer (rule R4). */
  Order rejectOfUnknownCustomer(NewOrder order) {
    return jdbc.sql(
            """
            insert into orders (order_id, customer_id, total, state, rejection_reason,
                                idempotency_key, fingerprint)
            values (:id, :customer, :total, 'REJECTED', 'UNKNOWN_CUSTOMER', :key, :fingerprint)
            returning *
            """)
        .param("id", order.id())
        .param("customer", order.customer())
        .param("total", order.total())
        .param("key", order.keyText(), Types.VARCHAR)
        .param("fingerprint", order.fingerprint(), Types.VARCHAR)
        .query(Orders::read)
        .single();
  }

  static Order read(ResultSet row, int number) throws SQLException {
    var rejection = row.getString("rejection_reason");
    return new Order(
        row.getObject("order_id", UUID.class),
        row.getLong("order_number"),
        row.getObject("customer_id", UUID.class),
        row.getBigDecimal("total"),
        OrderState.valueOf(row.getString("state")),
        rejection == null ? null : RejectionReason.valueOf(rejection),
        readDecision(row),
        instant(row, "placed_at"),
        readCancellation(row),
        row.getString("fingerprint"));
  }

  private static @Nullable Decision readDecision(ResultSet row) throws SQLException {
    BigDecimal limit = row.getBigDecimal("credit_limit");
    return limit == null
        ? null
        : new Decision(
            row.getLong("decided_sequence"),
            row.getLong("limit_version"),
            limit,
            row.getBigDecimal("pending_limit"),
            instant(row, "limit_as_of"),
            row.getObject("copy_as_of") == null ? null : instant(row, "copy_as_of"),
            row.getBigDecimal("exposure_before"),
            row.getString("limit_source"));
  }

  private static @Nullable Cancellation readCancellation(ResultSet row) throws SQLException {
    return row.getObject("cancelled_at") == null
        ? null
        : new Cancellation(instant(row, "cancelled_at"), row.getLong("cancelled_sequence"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
