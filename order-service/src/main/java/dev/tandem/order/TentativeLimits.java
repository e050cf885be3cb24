package dev.tandem.order;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.TentativeCopy;
import dev.tandem.mode.VersionedLimit;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps tentative limits in the credit accounts, beside the limit in force. A new customer has no
 * account before the action has ended well, so no order of it is decided until then.
 *
 * <p>Each call does its work in one statement. Whether a limit may be placed is asked of the
 * account's own row, in the statement that changes it: after a wait for the row's lock, PostgreSQL
 * asks that again of what the other transaction has left.
 */
@Repository
class TentativeLimits implements TentativeCopy {

  /** What a change row says, and whose it is. */
  private record Known(UUID change, String state) {}

  private static final String RECORD =
      """
      insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version,
                                placed_sequence, action, requested_at, pending_since)
      select :change, :customer, :kind, :mode, 'pending', :limit, :version,
             sequence, :action, :requested, clock_timestamp()
        from account
      """;

  private static final String PLACE_CHANGE =
      """
      with account as (
        update credit_account
           set tentative_limit = :limit, tentative_change = :change, sequence = sequence + 1
         where customer_id = :customer and tentative_change is null and limit_version < :version
           and (:belowExposure or exposure <= :limit)
        returning sequence)
      """
          + RECORD;

  /**
   * There is nothing that an order could be decided on. When the account comes after all, it
   * carries this limit.
   */
  private static final String PLACE_FIRST =
      """
      with account as (
        select null::bigint as sequence
         where not exists (select from credit_account where customer_id = :customer)
           and not exists (select from limit_change
                            where customer_id = :customer and state = 'pending'))
      """
          + RECORD;

  /**
   * The change row is locked first: of two callbacks at once, the second finds the end that the
   * first one made. Its work has committed before, so nobody holds the account and waits for the
   * change row.
   */
  private static final String ENDING =
      """
      with ending as (
        select change_id, customer_id, kind, credit_limit, version from limit_change
         where action = :action and state = 'pending' for update),
      """;

  /**
   * Where a newer version has come meanwhile, by another mode, it stays; the tentative limit is
   * gone all the same. Another change's tentative limit stays: this one may have been placed when
   * there was no account.
   */
  private static final String COMPLETE =
      ENDING
          + """
            account as (
              insert into credit_account as mine
                     (customer_id, credit_limit, limit_version, limit_as_of, sequence)
              select customer_id, credit_limit, version, clock_timestamp(), 1 from ending
              on conflict (customer_id) do update
                 set sequence = mine.sequence + 1,
                     tentative_limit = case
                       when mine.tentative_change = (select change_id from ending) then null
                       else mine.tentative_limit end,
                     tentative_change =
                       nullif(mine.tentative_change, (select change_id from ending)),
                     credit_limit = case when mine.limit_version < excluded.limit_version
                                         then excluded.credit_limit else mine.credit_limit end,
                     limit_as_of = case when mine.limit_version < excluded.limit_version
                                        then excluded.limit_as_of else mine.limit_as_of end,
                     limit_version = greatest(mine.limit_version, excluded.limit_version)
              returning sequence)
            update limit_change l
               set state = 'applied', sequence = account.sequence, recorded_at = clock_timestamp()
              from ending, account
             where l.change_id = ending.change_id
            returning l.change_id
            """;

  /** Only of a change that was placed when there was no account: see {@link #compensate}. */
  private static final String LOCK_FIRST_ACCOUNT_OF =
      """
      select count(lock_first_account(customer_id)) from limit_change
       where action = :action and state = 'pending' and placed_sequence is null
      """;

  private static final String COMPENSATE =
      ENDING
          + """
            account as (
              update credit_account a
                 set tentative_limit = null, tentative_change = null, sequence = a.sequence + 1
                from ending
               where a.customer_id = ending.customer_id and a.tentative_change = ending.change_id
              returning a.sequence)
            update limit_change l
               set state = 'refused', reason = 'rolled-back', recorded_at = clock_timestamp(),
                   sequence = (select sequence from account)
              from ending
             where l.change_id = ending.change_id
            returning l.change_id
            """;

  private static final String TOMBSTONE =
      """
      insert into limit_change (change_id, action, state, reason, detail)
      values (gen_random_uuid(), :action, 'refused', 'rolled-back',
              'The action ended before its work came.')
      on conflict (action) where action is not null do nothing
      returning change_id
      """;

  /** The work may come between the look for it and the tombstone: then all is asked once more. */
  private static final int LOOKS = 3;

  private final JdbcClient jdbc;
  private final CreditAccounts accounts;
  private final AccountLimits limits;
  private final TransactionTemplate transactions;
  private final boolean rejectsBelowExposure;

  TentativeLimits(
      JdbcClient jdbc,
      CreditAccounts accounts,
      AccountLimits limits,
      PlatformTransactionManager transactions,
      OrderSettings settings) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
    this.accounts = accounts;
    this.limits = limits;
    this.rejectsBelowExposure = settings.checked().rejectsBelowExposure();
  }

  @Override
  public void place(VersionedLimit limit, ActionId action) {
    boolean placed =
        limit.kind() == Kind.CREATE
            ? placed(PLACE_FIRST, limit, action)
            : placed(PLACE_CHANGE, limit, action) || placedUnseen(limit, action);
    if (!placed && !holds(action)) {
      throw refusal(limit);
    }
  }

  /**
   * A change may be the first that the copy hears of a customer; or its account is being made, by
   * an earlier version that comes late or a branch that is prepared, and its orders would be
   * decided by that limit alone. Why neither is missed: both this and whoever makes an account that
   * he does not find take the same lock first, and look again under it, with a statement of its
   * own. The first one to get it commits before the second one looks. Then either the account is
   * there, and this limit is placed in it; or this limit is there, and the account is made with it.
   */
  private boolean placedUnseen(VersionedLimit limit, ActionId action) {
    if (accounts.find(limit.customerId().value()).isPresent()) {
      return placed(PLACE_CHANGE, limit, action);
    }
    return Boolean.TRUE.equals(
        transactions.execute(
            status -> {
              lockFirstAccount(limit.customerId());
              return placed(PLACE_CHANGE, limit, action) || placed(PLACE_FIRST, limit, action);
            }));
  }

  private void lockFirstAccount(CustomerId customer) {
    jdbc.sql("select count(lock_first_account(?))")
        .param(customer.value())
        .query(Long.class)
        .single();
  }

  private boolean placed(String statement, VersionedLimit limit, ActionId action) {
    return jdbc.sql(statement)
            .param("change", limit.changeId().value())
            .param("customer", limit.customerId().value())
            .param("kind", limit.kind().name().toLowerCase(Locale.ROOT))
            .param("mode", limit.mode())
            .param("limit", limit.limit().amount())
            .param("version", limit.version())
            .param("belowExposure", !rejectsBelowExposure)
            .param("action", action.value())
            .param("requested", OffsetDateTime.ofInstant(limit.requestedAt(), ZoneOffset.UTC))
            .update()
        == 1;
  }

  /** Why the account did not take it, as far as it can be seen a moment later. */
  private ChangeRefused refusal(VersionedLimit limit) {
    return accounts
        .find(limit.customerId().value())
        .map(account -> refusal(limit, account))
        .orElseGet(TentativeLimits::inProgress);
  }

  private ChangeRefused refusal(VersionedLimit limit, CreditAccount account) {
    if (account.limitVersion() >= limit.version()) {
      return limits.copyIsAhead(limit);
    }
    boolean below = account.exposure().compareTo(limit.limit().amount()) > 0;
    return account.pendingLimit() == null && below && rejectsBelowExposure
        ? AccountLimits.belowExposure(account.exposure(), limit.limit().amount())
        : inProgress();
  }

  private static ChangeRefused inProgress() {
    return new ChangeRefused(
        Reason.CHANGE_IN_PROGRESS, "Another change of this limit is open at order-service.");
  }

  @Override
  public boolean holds(ActionId action) {
    return known(action).filter(row -> !row.state.equals("refused")).isPresent();
  }

  private Optional<Known> known(ActionId action) {
    return jdbc.sql("select change_id, state from limit_change where action = ?")
        .param(action.value())
        .query(
            (row, number) ->
                new Known(row.getObject("change_id", UUID.class), row.getString("state")))
        .optional();
  }

  @Override
  public Ended complete(ActionId action) {
    return end(COMPLETE, action, "applied");
  }

  /**
   * An account that is being made meanwhile may carry the limit, and is not seen by the statement
   * that takes it back. So a change that was placed without one waits here for whoever makes it.
   */
  @Override
  public Ended compensate(ActionId action) {
    return Objects.requireNonNull(
        transactions.execute(
            status -> {
              jdbc.sql(LOCK_FIRST_ACCOUNT_OF)
                  .param("action", action.value())
                  .query(Long.class)
                  .single();
              return end(COMPENSATE, action, "refused");
            }));
  }

  private Ended end(String statement, ActionId action, String asked) {
    for (int look = 0; look < LOOKS; look++) {
      var ended = write(statement, action);
      if (ended.isPresent()) {
        return new Ended(End.AS_ASKED, ended.get());
      }
      var before = known(action).filter(row -> !row.state.equals("pending"));
      if (before.isPresent()) {
        return ended(before.get(), asked);
      }
      var tombstone = write(TOMBSTONE, action);
      if (tombstone.isPresent()) {
        return new Ended(End.TOMBSTONE, tombstone.get());
      }
    }
    throw new CannotAcquireLockException("the work of " + action + " comes just now");
  }

  private static Ended ended(Known row, String asked) {
    return new Ended(
        row.state.equals(asked) ? End.REPEATED : End.CONTRADICTION, new ChangeId(row.change));
  }

  private Optional<ChangeId> write(String statement, ActionId action) {
    return jdbc.sql(statement)
        .param("action", action.value())
        .query(UUID.class)
        .optional()
        .map(ChangeId::new);
  }
}
