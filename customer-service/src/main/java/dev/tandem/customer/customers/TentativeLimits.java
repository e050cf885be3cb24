package dev.tandem.customer.customers;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.ModeChanged;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.TentativeOwner;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Limits that wait for the end of their action: in the change row alone, so that the customer is
 * what it was. The customer's row carries the lock (column {@code open_change}), and the pending
 * row itself is the note by which the sweeper finds what nobody ends: the lock depends on no other
 * row. A new customer comes into being at the end.
 *
 * <p>Each call is one statement, and commits with it.
 */
@Repository
class TentativeLimits implements TentativeOwner {

  /**
   * Not forced to disk: the decision, which comes before anybody is told anything, takes it along.
   * If the server dies before that, nothing has happened, and the action is cancelled when its time
   * is up.
   */
  private static final String UNFORCED = "set_config('synchronous_commit', 'off', true)";

  private static final String RECORD =
      """
      recorded as (
        insert into limit_change (change_id, customer_id, kind, mode, state, name, credit_limit,
                                  version, action, requested_at, pending_since)
        select :change, :customer, :kind, :mode, 'pending', :name, :limit,
               version, :action, :requestedAt, clock_timestamp()
          from reserved)
      select version,
      """
          + UNFORCED
          + " from reserved";

  private static final String RESERVE_CREATION =
      "with reserved as (select 1::bigint as version where (select confirm_mode(:mode))), "
          + RECORD;

  private static final String RESERVE_CHANGE =
      """
      with reserved as (
        update customer set open_change = :change
         where (select confirm_mode(:mode))
           and customer_id = :customer and open_change is null
           and (:expected::bigint is null or version = :expected)
        returning version + 1 as version),
      """
          + RECORD;

  private static final String DECIDE =
      """
      update limit_change set decision = :decision, reason = :reason, detail = :detail
       where change_id = :change and state = 'pending' and decision is null
      """;

  /** The change row is locked first: of two that end the same change, the second finds its end. */
  private static final String ENDING =
      """
      with ending as (
        select change_id, customer_id, kind, name, credit_limit, version from limit_change
         where change_id = :change and state = 'pending' for update),
      """;

  private static final String COMPLETE =
      ENDING
          + """
            changed as (
              update customer c
                 set credit_limit = ending.credit_limit, version = ending.version,
                     changed_at = clock_timestamp(), open_change = null
                from ending
               where c.customer_id = ending.customer_id and c.open_change = ending.change_id
              returning c.customer_id),
            created as (
              insert into customer (customer_id, name, credit_limit, version)
              select customer_id, name, credit_limit, version from ending where kind = 'create'
              returning customer_id),
            ended as (
              update limit_change l
                 set state = 'applied', recorded_at = clock_timestamp()
                from ending
               where l.change_id = ending.change_id
                 and ending.customer_id in (select * from changed union all select * from created)
              returning l.change_id)
            select count(*) from ended
            """;

  private static final String COMPENSATE =
      ENDING
          + """
            freed as (
              update customer c set open_change = null from ending
               where c.customer_id = ending.customer_id and c.open_change = ending.change_id),
            ended as (
              update limit_change l
                 set state = 'refused', reason = coalesce(l.reason, 'rolled-back'),
                     recorded_at = clock_timestamp()
                from ending
               where l.change_id = ending.change_id
              returning l.change_id)
            select count(*) from ended
            """;

  private final JdbcClient jdbc;
  private final Customers customers;

  TentativeLimits(JdbcClient jdbc, Customers customers) {
    this.jdbc = jdbc;
    this.customers = customers;
  }

  @Override
  public long reserve(CreditLimitChange change, String mode, ActionId action) {
    customers.written(change.id()); // first: it may be committed though its reply is lost
    try {
      return write(change, mode, action).orElseThrow(() -> customers.refusal(change));
    } catch (CannotGetJdbcConnectionException | ModeChanged nothingWasDone) {
      customers.notWritten(change.id());
      throw nothingWasDone;
    }
  }

  private Optional<Long> write(CreditLimitChange change, String mode, ActionId action) {
    boolean creation = change.kind() == Kind.CREATE;
    return jdbc.sql(creation ? RESERVE_CREATION : RESERVE_CHANGE)
        .param("change", change.id().value())
        .param("customer", change.customer().value())
        .param("kind", change.kind().name().toLowerCase(Locale.ROOT))
        .param("mode", mode)
        .param("name", change.name())
        .param("limit", change.limit().amount())
        .param("action", action.value())
        .param("expected", change.expectedVersion(), Types.BIGINT)
        .param("requestedAt", Customers.utc(change.requestedAt()))
        .query((row, number) -> row.getLong("version"))
        .optional();
  }

  @Override
  public boolean decideToClose(ChangeId change) {
    return decide(change, Decision.CLOSE, null, null);
  }

  @Override
  public boolean decideToCancel(ChangeId change, Refusal why) {
    return decide(change, Decision.CANCEL, why.reason().code(), why.detail());
  }

  private boolean decide(
      ChangeId change, Decision decision, @Nullable String reason, @Nullable String detail) {
    return jdbc.sql(DECIDE)
            .param("change", change.value())
            .param("decision", decision.name().toLowerCase(Locale.ROOT))
            .param("reason", reason)
            .param("detail", detail)
            .update()
        == 1;
  }

  @Override
  public Optional<Pending> pending(ChangeId change) {
    return jdbc.sql(
            """
            select action, version, decision from limit_change
             where change_id = ? and state = 'pending'
            """)
        .param(change.value())
        .query(
            (row, number) ->
                new Pending(
                    change,
                    new ActionId(row.getString("action")),
                    row.getLong("version"),
                    decision(row.getString("decision"))))
        .optional();
  }

  private static @Nullable Decision decision(@Nullable String decision) {
    return decision == null ? null : Decision.valueOf(decision.toUpperCase(Locale.ROOT));
  }

  @Override
  public boolean complete(ChangeId change) {
    return end(COMPLETE, change);
  }

  @Override
  public boolean compensate(ChangeId change) {
    return end(COMPENSATE, change);
  }

  private boolean end(String statement, ChangeId change) {
    return jdbc.sql(statement).param("change", change.value()).query(Long.class).single() == 1;
  }
}
