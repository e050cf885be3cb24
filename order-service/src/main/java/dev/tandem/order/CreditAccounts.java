package dev.tandem.order;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The credit accounts, one per customer, and all that changes them. Every statement here takes the
 * account's lock before it touches an order or a change row, so that no two can deadlock; and each
 * is one statement, so that the lock is held for one round trip.
 *
 * <p>All of them wait for that lock no longer than {@code lock_timeout} and then throw {@link
 * org.springframework.dao.PessimisticLockingFailureException}, with nothing done.
 */
@Repository
class CreditAccounts {

  /**
   * Rule R1, and the order's row with all that it was decided on.
   *
   * <p>While a change of the limit is open, the lower one of the limit and the tentative one
   * decides, so that neither outcome makes the order wrong ({@code least} passes over a null).
   *
   * <p>The copy's age is judged in that same statement, by the stamp that the customer's lane had
   * when the statement began and by the clock when it decides: a wait for the lock makes the copy
   * older, never younger. An order that may stay undecided is decided on it once it has passed: it
   * is not found too old in the midst of its decision.
   *
   * <p>Why one statement is enough under READ COMMITTED: if the account is locked, UPDATE waits,
   * and PostgreSQL then evaluates its expressions anew on the version of the row that the other
   * transaction left, not on the one in this statement's snapshot. {@code returning} gives that
   * same version, and the insert sees nothing else. {@code exposure + :total} cannot overflow the
   * column: it is stored only where it is not above the limit.
   */
  private static final String ADMIT =
      """
      with copy as (
        select (select as_of from copy_lane where lane = :lane) as as_of
      ), account as (
        update credit_account
           set sequence = sequence + 1,
               exposure = case when not :undecided and %1$s then exposure
                               when exposure + :total <= least(credit_limit, tentative_limit)  -- R1: equality allowed
                               then exposure + :total
                               else exposure end
          from copy
         where customer_id = :customer and not (:undecided and %1$s)
        returning new.sequence, new.limit_version, new.credit_limit, new.limit_as_of,
                  new.tentative_limit, old.exposure as exposure_before,
                  new.exposure > old.exposure as approved,
                  copy.as_of as copy_as_of, not :undecided and %1$s as too_old
      )
      insert into orders (order_id, customer_id, total, state, rejection_reason,
                          decided_sequence, limit_version, credit_limit, limit_as_of,
                          copy_as_of, pending_limit, exposure_before, limit_source, idempotency_key, fingerprint)
      select :id, :customer, :total,
             case when approved then 'APPROVED' else 'REJECTED' end,
             case when approved then null
                  when too_old then 'LIMIT_TOO_OLD'
                  else 'INSUFFICIENT_CREDIT' end,
             sequence, limit_version, credit_limit, limit_as_of,
             copy_as_of, tentative_limit, exposure_before, :source, :key, :fingerprint
        from account
      returning *
      """
          .formatted(
              """
              (:maxAge::bigint is not null and coalesce(
                 copy.as_of < clock_timestamp() - make_interval(secs => :maxAge::bigint / 1000.0), true))\
              """);

  /**
   * Rule R3. The account is locked first, and only if the order looked open to this statement's
   * snapshot. Of two cancels at once the second waits there; its update of the order then meets the
   * version that the first one left, finds it cancelled and changes nothing, the account neither.
   */
  private static final String CANCEL =
      """
      with account as (
        select a.customer_id, a.sequence
          from credit_account a join orders o on o.customer_id = a.customer_id
         where o.order_id = :order and o.state = 'APPROVED'
           for update of a
      ), cancelled as (
        update orders o
           set state = 'CANCELLED', cancelled_at = clock_timestamp(),
               cancelled_sequence = account.sequence + 1
          from account
         where o.order_id = :order and o.state = 'APPROVED'
        returning o.*
      ), released as (
        update credit_account a
           set exposure = a.exposure - cancelled.total, sequence = cancelled.cancelled_sequence
          from cancelled
         where a.customer_id = cancelled.customer_id
      )
      select * from cancelled
      """;

  private final JdbcClient jdbc;

  CreditAccounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Decides and stores the order.
   *
   * @return empty if there is no account for the customer, or if the copy is too old and the order
   *     is to stay undecided then; nothing is stored then
   * @throws org.springframework.dao.DuplicateKeyException if the idempotency key is spent
   */
  Optional<Order> admit(NewOrder order, Freshness demand) {
    return jdbc.sql(ADMIT)
        .param("id", order.id())
        .param("customer", order.customer())
        .param("total", order.total())
        .param("lane", demand.lane(), Types.INTEGER)
        .param("maxAge", demand.maxAgeMillis(), Types.BIGINT)
        .param("undecided", demand.undecided())
        .param("source", demand.source())
        .param("key", order.keyText(), Types.VARCHAR)
        .param("fingerprint", order.fingerprint(), Types.VARCHAR)
        .query(Orders::read)
        .optional();
  }

  /**
   * Looks whether the account's lock is to be had, without waiting for it.
   *
   * @throws org.springframework.dao.PessimisticLockingFailureException if somebody else has it
   */
  void findUnlocked(UUID customer) {
    jdbc.sql("select 1 from credit_account where customer_id = ? for update nowait")
        .param(customer)
        .query(Integer.class)
        .optional();
  }

  /**
   * Cancels the order and gives back its total.
   *
   * @return empty if it was not open; nothing is changed then
   */
  Optional<Order> cancel(UUID order) {
    return jdbc.sql(CANCEL).param("order", order).query(Orders::read).optional();
  }

  Optional<CreditAccount> find(UUID customer) {
    return jdbc.sql(
            """
            select a.*, extract(epoch from clock_timestamp() - limit_as_of) * 1000 as limit_age_millis,
                   m.version as missed_version
              from credit_account a
                   left join missed_limit m on m.customer_id = a.customer_id
                                           and m.version > a.limit_version
             where a.customer_id = ?
            """)
        .param(customer)
        .query(
            (row, number) ->
                new CreditAccount(
                    row.getObject("customer_id", UUID.class),
                    row.getBigDecimal("credit_limit"),
                    row.getBigDecimal("tentative_limit"),
                    row.getLong("limit_version"),
                    row.getObject("missed_version", Long.class),
                    atLeastZero(row.getBigDecimal("limit_age_millis")),
                    row.getBigDecimal("exposure")))
        .optional();
  }

  /** The server's clock may have been set back since. */
  private static Duration atLeastZero(BigDecimal millis) {
    return Duration.ofMillis(Math.max(0, millis.longValue()));
  }
}
