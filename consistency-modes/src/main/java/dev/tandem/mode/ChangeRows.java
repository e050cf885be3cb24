package dev.tandem.mode;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
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
    /** The change took place here. */
    record Applied(long version) implements Row {}

    /** It did not, and never will. */
    record Refused(Refusal refusal) implements Row {}
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
   * Refuses the change here for ever, unless it has an end already.
   *
   * @param customer null when this side never heard whose change it was
   * @return the row that now stands, or empty while a transaction that is prepared or still running
   *     holds the change id: under way
   */
  public Optional<Row> entomb(ChangeId change, @Nullable UUID customer, Refusal refusal) {
    try {
      jdbc.sql(
              """
              insert into limit_change (change_id, customer_id, state, reason, detail)
              values (?, ?, 'refused', ?, ?)
              """)
          .param(change.value())
          .param(customer)
          .param(refusal.reason().code())
          .param(refusal.detail())
          .update();
      return Optional.of(new Row.Refused(refusal));
    } catch (DuplicateKeyException spent) {
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
    return new Row.Refused(
        new Refusal(
            reason == null ? Refusal.Reason.ROLLED_BACK : Refusal.Reason.ofCode(reason),
            detail == null ? "The change was rolled back." : detail));
  }
}
