package dev.tandem.order;

import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps the copy of the limits in the credit accounts. */
@Repository
class AccountLimits implements LimitCopy {

  /**
   * The account comes first here too, see {@link CreditAccounts}; an older version leaves it as it
   * is, and then the change row has no sequence. {@code on conflict} decides on the newest version
   * of the account, whatever this statement's snapshot shows.
   */
  private static final String TAKE =
      """
      with account as (
        insert into credit_account as mine
               (customer_id, credit_limit, limit_version, limit_as_of, sequence)
        values (:customer, :limit, :version, clock_timestamp(), 1)
        on conflict (customer_id) do update
           set credit_limit = excluded.credit_limit, limit_version = excluded.limit_version,
               limit_as_of = excluded.limit_as_of, sequence = mine.sequence + 1
         where mine.limit_version < excluded.limit_version
        returning sequence, exposure
      ), change as (
        insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version,
                                  sequence, requested_at)
        values (:change, :customer, :kind, :mode, 'applied', :limit, :version,
                (select sequence from account), :requested)
      )
      select exposure from account
      """;

  private final JdbcClient jdbc;
  private final boolean rejectsBelowExposure;

  AccountLimits(JdbcClient jdbc, OrderSettings settings) {
    this.jdbc = jdbc;
    this.rejectsBelowExposure = settings.checked().rejectsBelowExposure();
  }

  @Override
  public void take(VersionedLimit limit, boolean mayRefuse) {
    var exposure = takeIfNewer(limit);
    if (mayRefuse && rejectsBelowExposure) {
      exposure.ifPresent(open -> refuseBelow(open, limit.limit().amount()));
    }
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
      throw new ChangeRefused(
          Refusal.Reason.BELOW_EXPOSURE,
          "The limit "
              + limit
              + " is below the customer's open orders of "
              + exposure
              + " (tandem.credit.below-exposure=reject).");
    }
  }
}
