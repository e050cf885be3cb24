package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.rest.Cursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All limit changes: those that have an end, and those that are open. */
@Repository
class LimitChanges {

  /**
   * After this time a mode has answered or given up (about 3 s), wherever the request was worked
   * on; by the database's clock, which all instances share.
   */
  static final Duration RIPE = Duration.ofSeconds(3);

  private static final String COLUMNS =
      """
      coalesce(l.change_number, 0) as change_number,
      coalesce(l.customer_id, o.customer_id, k.customer_id) as customer_id,
      coalesce(l.kind, o.kind) as kind, coalesce(l.mode, o.mode) as mode,
      coalesce(l.credit_limit, o.credit_limit) as credit_limit,
      case when l.state = 'applied' then l.version end as version,
      l.state, l.reason, l.detail, l.recorded_at, l.pending_since,
      coalesce(l.requested_at, o.opened_at, k.created_at) as requested_at,
      o.change_id is not null as open,
      case when l.state = 'pending' then l.pending_since
           else coalesce(o.opened_at, k.created_at, l.recorded_at) end
        < clock_timestamp() - make_interval(secs => :ripe) as ripe
      """;

  private static final String FIND =
      "select asked.change_id, "
          + COLUMNS
          + """
            from (values (:change::uuid)) as asked (change_id)
            left join limit_change l using (change_id)
            left join open_change o using (change_id)
            left join idempotency_key k using (change_id)
           where l.change_id is not null or o.change_id is not null or k.change_id is not null
          """;

  private static final String HISTORY =
      "select l.change_id, "
          + COLUMNS
          + """
            from limit_change l
            left join open_change o using (change_id)
            left join idempotency_key k using (change_id)
           where l.customer_id = :customer and l.change_number > :after
           order by l.change_number limit :rows
          """;

  private final JdbcClient jdbc;
  private final ChangeRows rows;

  LimitChanges(JdbcClient jdbc, ChangeRows rows) {
    this.jdbc = jdbc;
    this.rows = rows;
  }

  /** What is known of the change; empty if nobody ever promised anything about it. */
  Optional<LimitChange> find(ChangeId change) {
    return jdbc.sql(FIND)
        .param("change", change.value())
        .param("ripe", RIPE.toSeconds())
        .query((row, number) -> toLimitChange(row))
        .optional();
  }

  /**
   * A change of which only a prepared transaction of this database knows: it could not be noted
   * that it was left open. Empty if there is none, or it has an end by now.
   */
  Optional<LimitChange> findPrepared(ChangeId change) {
    return jdbc.sql(
                """
            select exists (select from pg_prepared_xacts
                           where database = current_database() and gid like '%:' || ?)
            """)
            .param(change.toString())
            .query(Boolean.class)
            .single()
        ? Optional.of(LimitChange.prepared(change))
        : Optional.empty();
  }

  /** The customer's next changes after the cursor, in the order in which they were recorded. */
  List<LimitChange> historyOf(CustomerId customer, Cursor cursor, int rows) {
    return jdbc.sql(HISTORY)
        .param("customer", customer.value())
        .param("after", cursor.after())
        .param("rows", rows)
        .param("ripe", RIPE.toSeconds())
        .query((row, number) -> toLimitChange(row))
        .list();
  }

  /**
   * Some of the open changes that no request works on any more, by chance: those that never end
   * must not stand before the others for ever. A pending one holds its limit's lock, whether
   * anybody was promised its outcome or not.
   */
  List<ChangeId> ripe(int atMost) {
    return jdbc.sql(
            """
            select change_id
              from (select change_id, opened_at as since from open_change
                    union all
                    select change_id, pending_since from limit_change where state = 'pending') as open
             where since < clock_timestamp() - make_interval(secs => :ripe)
             group by change_id
             order by random() limit :atMost
            """)
        .param("ripe", RIPE.toSeconds())
        .param("atMost", atMost)
        .query((row, number) -> new ChangeId(row.getObject("change_id", UUID.class)))
        .list();
  }

  /** Notes that somebody was promised the outcome of this change. */
  void open(Wish wish, String mode) {
    jdbc.sql(
            """
            insert into open_change (change_id, customer_id, kind, mode, credit_limit)
            values (?, ?, ?, ?, ?)
            on conflict (change_id) do nothing
            """)
        .param(wish.id().value())
        .param(wish.customer().value())
        .param(wish.kindInTables())
        .param(mode)
        .param(wish.limit().amount())
        .update();
  }

  /** The change row says it all now. */
  void close(ChangeId change) {
    jdbc.sql("delete from open_change where change_id = ?").param(change.value()).update();
  }

  /**
   * Records that the change was refused, and closes it. While a transaction still holds its id, it
   * stays open. A row that has another end, or is pending, says more than this and stays as it is.
   */
  void refuse(CreditLimitChange change, String mode, Refusal refusal) {
    rows.entomb(change, mode, refusal).ifPresent(row -> close(change.id()));
  }

  private static LimitChange toLimitChange(ResultSet row) throws SQLException {
    var customer = row.getObject("customer_id", UUID.class);
    var limit = row.getBigDecimal("credit_limit");
    return new LimitChange(
        new ChangeId(row.getObject("change_id", UUID.class)),
        row.getLong("change_number"),
        customer == null ? null : new CustomerId(customer),
        row.getString("kind"),
        row.getString("mode"),
        limit == null ? null : new CreditLimit(limit),
        row.getObject("version", Long.class),
        toRefusal(row.getString("state"), row.getString("reason"), row.getString("detail")),
        instant(row, "requested_at"),
        instant(row, "recorded_at"),
        instant(row, "pending_since"),
        row.getBoolean("open"),
        row.getBoolean("ripe"));
  }

  private static @Nullable Refusal toRefusal(
      @Nullable String state, @Nullable String reason, @Nullable String detail) {
    if (!"refused".equals(state)) {
      return null;
    }
    return new Refusal(
        reason == null ? Reason.ROLLED_BACK : Reason.ofCode(reason),
        detail == null ? "The change was rolled back." : detail);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
