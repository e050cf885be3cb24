package dev.tandem.order;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps the copy of the limits in the credit accounts. */
@Repository
class AccountLimits implements LimitCopy {

  private static final Logger log = LoggerFactory.getLogger(AccountLimits.class);

  /**
   * The account comes first here too, see {@link CreditAccounts}; an older version leaves it as it
   * is, and then the change row has no sequence. {@code on conflict} decides on the newest version
   * of the account, whatever this statement's snapshot shows.
   *
   * <p>The first account of a customer carries the limit of a change that is pending already (see
   * {@link TentativeLimits}), as the second step of its sequence.
   */
  private static final String TAKE =
      """
      with account as (
        insert into credit_account as mine
               (customer_id, credit_limit, limit_version, limit_as_of, sequence,
                tentative_limit, tentative_change)
        select :customer, :limit, :version, clock_timestamp(),
               case when pending.change is null then 1 else 2 end, pending.amount, pending.change
          from (select) one left join tentative_of_first_account(:customer) pending on true
        on conflict (customer_id) do update
           set credit_limit = excluded.credit_limit, limit_version = excluded.limit_version,
               limit_as_of = excluded.limit_as_of, sequence = mine.sequence + 1
         where mine.limit_version < excluded.limit_version
        returning case when old.sequence is null then 1 else new.sequence end as sequence,
                  new.exposure
      ), change as (
        insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version,
                                  sequence, requested_at)
        values (:change, :customer, :kind, :mode, 'applied', :limit, :version,
                (select sequence from account), :requested)
      )
      select exposure from account
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final boolean rejectsBelowExposure;
  private final Audience audience;
  private final Counter refusedAsAhead;

  AccountLimits(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      OrderSettings settings,
      Audience audience,
      MeterRegistry metrics) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
    this.rejectsBelowExposure = settings.checked().rejectsBelowExposure();
    this.audience = audience;
    this.refusedAsAhead =
        Counter.builder("tandem.limits.copy.ahead")
            .description("Changes refused because the copy has a later version than its owner")
            .register(metrics);
  }

  @Override
  public void take(VersionedLimit limit, boolean mayRefuse) {
    var exposure = takeIfNewer(limit);
    if (!mayRefuse) {
      if (exposure.isEmpty()) {
        reportIfSecond(limit);
      }
      return;
    }
    var open = exposure.orElseThrow(() -> copyIsAhead(limit));
    if (rejectsBelowExposure) {
      refuseBelow(open, limit.limit().amount());
    }
  }

  /**
   * A late version is harmless. A second change under one version is not: the owner was set back.
   */
  private void reportIfSecond(VersionedLimit limit) {
    boolean second =
        jdbc.sql(
                """
                select exists (select from limit_change
                                where customer_id = :customer and version = :version
                                  and state = 'applied' and change_id <> :change)
                """)
            .param("customer", limit.customerId().value())
            .param("version", limit.version())
            .param("change", limit.changeId().value())
            .query(Boolean.class)
            .single();
    if (second) {
      audience.step(
          limit.changeId(),
          limit.mode(),
          Step.ANOMALY,
          "Another change has brought version "
              + limit.version()
              + " of this customer's limit before, so it was not taken. Was customer-db restored?");
    }
  }

  @Override
  public Optional<Long> versionOf(CustomerId customer) {
    return jdbc.sql("select limit_version from credit_account where customer_id = ?")
        .param(customer.value())
        .query(Long.class)
        .optional();
  }

  /**
   * Takes a limit that its owner was asked for, in a transaction of its own. The message that was
   * on its way with it finds it taken.
   *
   * @return whether the copy now has this version or a later one; false if its change was refused
   *     here for ever
   */
  boolean takeTold(VersionedLimit limit) {
    try {
      transactions.executeWithoutResult(status -> take(limit, false));
    } catch (DuplicateKeyException known) {
      // taken before, or refused here: the version tells
    }
    return versionOf(limit.customerId()).orElse(0L) >= limit.version();
  }

  /**
   * The owner's lock orders the versions of a customer, so this is no race: one side was set back.
   * The same change once more is not meant: it has died on its change row.
   */
  ChangeRefused copyIsAhead(VersionedLimit limit) {
    long here = versionOf(limit.customerId()).orElse(0L);
    refusedAsAhead.increment();
    log.warn(
        "{} refused: customer {} has version {} here, and its owner sends version {}. Was"
            + " customer-db restored, or a branch ended by hand?",
        limit.changeId(),
        limit.customerId(),
        here,
        limit.version());
    return new ChangeRefused(
        Refusal.Reason.COPY_IS_AHEAD,
        "The copy of order-service already has version "
            + here
            + ", and this change would be version "
            + limit.version()
            + ": customer-db was restored or a branch was ended by hand. Compare both sides.");
  }

  /** The exposure under the new limit; empty if the copy has a newer one already. */
  private Optional<BigDecimal> takeIfNewer(VersionedLimit limit) {
    return jdbc.sql(TAKE)
        .param("customer", limit.customerId().value())
        .param("limit", limit.limit().amount())
        .param("version", limit.version())
        .param("change", limit.changeId().value())
        .param("kind", limit.kind().name().toLowerCase(java.util.Locale.ROOT))
        .param("mode", limit.mode())
        .param("requested", OffsetDateTime.ofInstant(limit.requestedAt(), ZoneOffset.UTC))
        .query(BigDecimal.class)
        .optional();
  }

  private static void refuseBelow(BigDecimal exposure, BigDecimal limit) {
    if (limit.compareTo(exposure) < 0) {
      throw belowExposure(exposure, limit);
    }
  }

  static ChangeRefused belowExposure(BigDecimal exposure, BigDecimal limit) {
    return new ChangeRefused(
        Refusal.Reason.BELOW_EXPOSURE,
        "The limit "
            + limit
            + " is below the customer's open orders of "
            + exposure
            + " (tandem.credit.below-exposure=reject).");
  }
}
