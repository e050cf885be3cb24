package dev.tandem.customer.customers;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.Cursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * All customers. Each change of a limit writes its change row in the same statement.
 *
 * <p>A limit that waits for the end of an open change ({@code open_change}) is not changed. That is
 * asked in the statement that changes the row, of the row itself: after a wait for the row's lock,
 * PostgreSQL asks it again of what the other transaction has left.
 *
 * <p>The mode is confirmed in a subquery that knows nothing of the row: PostgreSQL asks it once,
 * before it looks for the row, also if there is none. It asks once more after a wait for the row's
 * lock; the mode cannot have changed by then, and its lock is at hand.
 */
@Repository
public class Customers implements LimitOwner {

  private static final String SELECT =
      "select customer_id, customer_number, name, credit_limit, version from customer ";

  private static final String CREATE =
      """
      with created as (
        insert into customer (customer_id, name, credit_limit, version)
        select :customer, :name, :limit, 1 where (select confirm_mode(:mode))
        returning version),
      recorded as (
        insert into limit_change
               (change_id, customer_id, kind, mode, state, credit_limit, version, requested_at)
        select :change, :customer, 'create', :mode, 'applied', :limit, version, :requestedAt
          from created)
      select version from created
      """;

  private static final String CHANGE =
      """
      with changed as (
        update customer
           set credit_limit = :limit, version = version + 1, changed_at = clock_timestamp()
         where (select confirm_mode(:mode))
           and customer_id = :customer and open_change is null
           and (:expected::bigint is null or version = :expected)
        returning version),
      recorded as (
        insert into limit_change
               (change_id, customer_id, kind, mode, state, credit_limit, version, requested_at)
        select :change, :customer, 'change', :mode, 'applied', :limit, version, :requestedAt
          from changed)
      select version from changed
      """;

  private final JdbcClient jdbc;
  private final Set<ChangeId> written = ConcurrentHashMap.newKeySet();

  Customers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The customer of that id, if there is one. */
  public Optional<Customer> find(CustomerId id) {
    return jdbc.sql(SELECT + "where customer_id = ?")
        .param(id.value())
        .query((row, number) -> toCustomer(row))
        .optional();
  }

  /**
   * Whether a creation of this customer is open: it is pending, or somebody was told of the
   * customer and not of the outcome. Who was told nothing yet does not know the id.
   */
  boolean isBeingCreated(CustomerId id) {
    return jdbc.sql(
            """
            select exists (select from open_change where customer_id = :customer and kind = 'create')
                or exists (select from limit_change where customer_id = :customer
                              and kind = 'create' and state = 'pending')
            """)
        .param("customer", id.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * The change that brought the limit in force; empty if it was never changed since it was loaded.
   */
  Optional<VersionedLimit> latestLimit(CustomerId id) {
    return jdbc.sql(
            """
            select change_id, kind, credit_limit, version, mode, requested_at from limit_change
             where customer_id = ? and state = 'applied' order by version desc limit 1
            """)
        .param(id.value())
        .query(
            (row, number) ->
                new VersionedLimit(
                    new ChangeId(row.getObject("change_id", UUID.class)),
                    id,
                    Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                    new CreditLimit(row.getBigDecimal("credit_limit")),
                    row.getLong("version"),
                    row.getString("mode"),
                    row.getObject("requested_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  /** The next customers after the cursor, in the order of their creation. */
  List<Customer> page(Cursor cursor, int rows) {
    return jdbc.sql(SELECT + "where customer_number > ? order by customer_number limit ?")
        .param(cursor.after())
        .param(rows)
        .query((row, number) -> toCustomer(row))
        .list();
  }

  /**
   * Whether this process has written the change here, or may have; asked once, at its end. Where it
   * has not, the change took place nowhere: its version is made here.
   */
  public boolean hasWritten(ChangeId change) {
    return written.remove(change);
  }

  @Override
  public long apply(CreditLimitChange change, String mode) {
    long version = write(change, mode).orElseThrow(() -> refusal(change));
    written(change.id()); // late enough: the caller's transaction commits after this
    return version;
  }

  /** Remembers that this process has written the change here, or is about to. */
  void written(ChangeId change) {
    written.add(change);
  }

  /** It was about to, and could not. */
  void notWritten(ChangeId change) {
    written.remove(change);
  }

  private Optional<Long> write(CreditLimitChange change, String mode) {
    return jdbc.sql(change.kind() == Kind.CREATE ? CREATE : CHANGE)
        .param("change", change.id().value())
        .param("customer", change.customer().value())
        .param("name", change.name())
        .param("limit", change.limit().amount())
        .param("mode", mode)
        .param("expected", change.expectedVersion(), Types.BIGINT)
        .param("requestedAt", utc(change.requestedAt()))
        .query(Long.class)
        .optional();
  }

  /** Why no row was there to change, as far as it can be seen a moment later. */
  ChangeRefused refusal(CreditLimitChange change) {
    return find(change.customer())
        .map(now -> refusal(change.expectedVersion(), now.version()))
        .orElseGet(
            () ->
                new ChangeRefused(
                    Reason.UNKNOWN_CUSTOMER, "There is no customer " + change.customer() + "."));
  }

  private static ChangeRefused refusal(@Nullable Long expected, long now) {
    return expected == null || expected == now
        ? new ChangeRefused(
            Reason.CHANGE_IN_PROGRESS, "Another change of this limit has not ended yet.")
        : new ChangeRefused(
            Reason.STALE_VERSION,
            "The limit has version " + now + " by now. Read it, and decide again.");
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Customer toCustomer(ResultSet row) throws SQLException {
    return new Customer(
        new CustomerId(row.getObject("customer_id", UUID.class)),
        row.getLong("customer_number"),
        row.getString("name"),
        new CreditLimit(row.getBigDecimal("credit_limit")),
        row.getLong("version"));
  }
}
