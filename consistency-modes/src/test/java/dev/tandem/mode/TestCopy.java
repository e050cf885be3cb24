package dev.tandem.mode;

import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The copy's side in order-service's tables, with a place where a test can interfere. */
public final class TestCopy implements LimitCopy {

  private static final BiConsumer<VersionedLimit, JdbcClient> NOTHING = (limit, jdbc) -> {};

  private final JdbcClient jdbc;
  private volatile BiConsumer<VersionedLimit, JdbcClient> afterwards = NOTHING;

  TestCopy(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** From now on this happens after the work, in its transaction, before it is prepared. */
  public void afterwards(BiConsumer<VersionedLimit, JdbcClient> interference) {
    afterwards = interference;
  }

  public void undisturbed() {
    afterwards = NOTHING;
  }

  @Override
  public Optional<Long> versionOf(CustomerId customer) {
    return jdbc.sql("select limit_version from credit_account where customer_id = ?")
        .param(customer.value())
        .query(Long.class)
        .optional();
  }

  @Override
  public void take(VersionedLimit limit, boolean mayRefuse) {
    jdbc.sql(
            """
            insert into credit_account as mine (customer_id, credit_limit, limit_version)
            values (?, ?, ?)
            on conflict (customer_id) do update
            set credit_limit = excluded.credit_limit, limit_version = excluded.limit_version
            where mine.limit_version < excluded.limit_version
            """)
        .params(limit.customerId().value(), limit.limit().amount(), limit.version())
        .update();
    jdbc.sql(
            """
            insert into limit_change
              (change_id, customer_id, kind, mode, state, credit_limit, version, requested_at)
            values (?, ?, ?, ?, 'applied', ?, ?, ?)
            """)
        .params(
            limit.changeId().value(),
            limit.customerId().value(),
            limit.kind().name().toLowerCase(Locale.ROOT),
            limit.mode(),
            limit.limit().amount(),
            limit.version(),
            limit.requestedAt().atOffset(ZoneOffset.UTC))
        .update();
    afterwards.accept(limit, jdbc);
  }
}
