package dev.tandem.mode;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The change rows of one database ({@code limit_change}): what this side knows of each change. The
 * work writes the row first, in its own transaction; whoever must know the end of a change whose
 * work may still come writes a tombstone instead, and the work then dies on the primary key.
 */
public final class ChangeRows {

  /** What a change row says. */
  public sealed interface Row {

    /** The outcome, if this side's end is the end on both. */
    Outcome outcomeOf(ChangeId change);

    /** The change took place here. */
    record Applied(long version) implements Row {
      @Override
      public Outcome outcomeOf(ChangeId change) {
        return new Outcome.Applied(change, version, true);
      }
    }

    /** It did not, and never will. */
    record Refused(Refusal refusal) implements Row {
      @Override
      public Outcome outcomeOf(ChangeId change) {
        return new Outcome.Refused(change, refusal);
      }
    }

    /** It is written down, and somebody will end it one way or the other. */
    record Pending() implements Row {
      @Override
      public Outcome outcomeOf(ChangeId change) {
        return new Outcome.UnderWay(change);
      }
    }
  }

  private final JdbcClient jdbc;

  public ChangeRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The committed row, if there is one. A row in a prepared transaction is not seen. */
  public Optional<Row> find(ChangeId change) {
    return jdbc.sql("select state, version, reason, detail from limit_change where change_id = ?")
        .param(change.value())
        .query(
            (row, number) ->
                toRow(
                    row.getString("state"),
                    row.getLong("version"),
                    row.getString("reason"),
                    row.getString("detail")))
        .optional();
  }

  /**
   * What became of a change that nobody works on any more, if this side's end is the end on both.
   * Where it has no row, it is refused here for ever.
   *
   * @param nobody the refusal of a change without a row
   */
  public Outcome settle(ChangeId change, Refusal nobody) {
    return find(change)
        .or(() -> entomb(change, nobody))
        .map(row -> row.outcomeOf(change))
        .orElseGet(() -> new Outcome.UnderWay(change));
  }

  /**
   * Refuses a change here for ever, of which nothing but its id is known, unless it has an end
   * already.
   *
   * @return the row that now stands, or empty while a transaction that is prepared or still running
   *     holds the change id: under way
   */
  public Optional<Row> entomb(ChangeId change, Refusal refusal) {
    return settled(
        change,
        jdbc.sql(
                """
                insert into limit_change (change_id, state, reason, detail)
                values (:change, 'refused', :reason, :detail)
                on conflict (change_id) do nothing
                """)
            .param("change", change.value())
            .param("reason", refusal.reason().code())
            .param("detail", refusal.detail()));
  }

  /**
   * Refuses a change here for ever, with all that is known of it, unless it has an end already. A
   * tombstone that was written without that knowledge is completed.
   *
   * @return as {@link #entomb(ChangeId, Refusal)}
   */
  public Optional<Row> entomb(CreditLimitChange change, String mode, Refusal refusal) {
    return settled(
        change.id(),
        jdbc.sql(
                """
                insert into limit_change as known
                  (change_id, customer_id, kind, mode, state, reason, detail, credit_limit, requested_at)
                values (:change, :customer, :kind, :mode, 'refused', :reason, :detail, :limit, :requested)
                on conflict (change_id) do update set
                  customer_id = excluded.customer_id, kind = excluded.kind, mode = excluded.mode,
                  reason = excluded.reason, detail = excluded.detail,
                  credit_limit = excluded.credit_limit, requested_at = excluded.requested_at
                where known.state = 'refused' and known.customer_id is null
                """)
            .param("change", change.id().value())
            .param("customer", change.customer().value())
            .param("kind", change.kind().name().toLowerCase(Locale.ROOT))
            .param("mode", mode)
            .param("reason", refusal.reason().code())
            .param("detail", refusal.detail())
            .param("limit", change.limit().amount())
            .param("requested", OffsetDateTime.ofInstant(change.requestedAt(), ZoneOffset.UTC)));
  }

  private Optional<Row> settled(ChangeId change, JdbcClient.StatementSpec tombstone) {
    try {
      tombstone.update();
      return find(change);
    } catch (PessimisticLockingFailureException held) {
      return Optional.empty();
    }
  }

  private static Row toRow(
      String state, long version, @Nullable String reason, @Nullable String detail) {
    if (state.equals("applied")) {
      return new Row.Applied(version);
    }
    if (state.equals("pending")) {
      return new Row.Pending();
    }
    return new Row.Refused(
        new Refusal(
            reason == null ? Refusal.Reason.ROLLED_BACK : Refusal.Reason.ofCode(reason),
            detail == null ? "The change was rolled back." : detail));
  }
}
