package dev.tandem.mode;

import dev.tandem.mode.CreditLimitChange.Kind;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The owner's side in customer-service's tables, with a place where a test can interfere. */
public final class TestOwner implements LimitOwner {

  private static final Runnable NOTHING = () -> {};

  private final JdbcClient jdbc;
  private volatile Runnable afterwards = NOTHING;

  TestOwner(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** From now on this happens after the work, in its transaction, before it is prepared. */
  public void afterwards(Runnable interference) {
    afterwards = interference;
  }

  public void undisturbed() {
    afterwards = NOTHING;
  }

  @Override
  public long apply(CreditLimitChange change, String mode) {
    jdbc.sql("select confirm_mode(?)").param(mode).query(Boolean.class).single();
    long version = change.kind() == Kind.CREATE ? create(change) : change(change);
    jdbc.sql(
            """
            insert into limit_change
              (change_id, customer_id, kind, mode, state, credit_limit, version, requested_at)
            values (?, ?, ?, ?, 'applied', ?, ?, ?)
            """)
        .params(
            change.id().value(),
            change.customer().value(),
            change.kind().name().toLowerCase(Locale.ROOT),
            mode,
            change.limit().amount(),
            version,
            change.requestedAt().atOffset(ZoneOffset.UTC))
        .update();
    afterwards.run();
    return version;
  }

  private long create(CreditLimitChange change) {
    jdbc.sql("insert into customer (customer_id, name, credit_limit, version) values (?, ?, ?, 1)")
        .params(change.customer().value(), change.name(), change.limit().amount())
        .update();
    return 1;
  }

  private long change(CreditLimitChange change) {
    return jdbc.sql(
            """
            update customer set credit_limit = :limit, version = version + 1
            where customer_id = :customer and (:expected is null or version = :expected)
            returning version
            """)
        .param("limit", change.limit().amount())
        .param("customer", change.customer().value())
        .param("expected", change.expectedVersion(), Types.BIGINT)
        .query(Long.class)
        .optional()
        .orElseThrow(() -> refusal(change));
  }

  private ChangeRefused refusal(CreditLimitChange change) {
    boolean known =
        jdbc.sql("select exists (select from customer where customer_id = ?)")
            .param(change.customer().value())
            .query(Boolean.class)
            .single();
    return new ChangeRefused(
        known ? Refusal.Reason.STALE_VERSION : Refusal.Reason.UNKNOWN_CUSTOMER, "no such version");
  }
}
