package dev.tandem.mode.xa;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.Refusal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The prepared branches of this service's database. PostgreSQL's prepared transaction is the
 * branch's log: any connection to the database may end it, so there is no session to find again and
 * no state to keep here.
 *
 * <p>Has a small pool of its own (rule X9): phase two frees locks, so it must never stand in line
 * behind requests that wait for those locks.
 */
final class Branches implements AutoCloseable {

  /** How a verb of phase two ended. */
  enum End {
    COMMITTED,
    ROLLED_BACK,
    /** Not known: the database is away, or somebody else is at it. Ask again. */
    UNAVAILABLE
  }

  static final Refusal NOBODY_DECIDED =
      new Refusal(Refusal.Reason.ROLLED_BACK, "It was rolled back before anybody had decided it.");

  private static final String UNDEFINED_OBJECT = "42704";

  private final HikariDataSource pool;
  private final JdbcClient jdbc;
  private final ChangeRows rows;

  Branches(DataSourceProperties database, int connections) {
    this.pool = new HikariDataSource(settings(database, connections));
    this.jdbc = JdbcClient.create(pool);
    this.rows = new ChangeRows(jdbc);
  }

  private static HikariConfig settings(DataSourceProperties database, int connections) {
    var settings = new HikariConfig();
    settings.setPoolName("xa-branches");
    settings.setJdbcUrl(database.determineUrl());
    settings.setUsername(database.determineUsername());
    settings.setPassword(database.determinePassword());
    settings.setMaximumPoolSize(connections);
    settings.setMinimumIdle(1);
    settings.setConnectionTimeout(1_000);
    settings.setInitializationFailTimeout(-1); // a database that comes later is not a failed start
    settings.setConnectionInitSql("set lock_timeout = '300ms'");
    // a server that accepts and says nothing must not keep these few connections for ever
    settings.addDataSourceProperty("socketTimeout", "5"); // s
    settings.addDataSourceProperty("connectTimeout", "1"); // s
    return settings;
  }

  /**
   * Every branch of that coordinator that is prepared in this database, and in no other.
   *
   * @param coordinator only lower-case letters, digits and dashes: it becomes part of a pattern. A
   *     transaction id is this name and digits; a name that only begins with it is somebody else's
   */
  List<String> prepared(String coordinator) {
    return jdbc.sql(
            """
            select gid from pg_prepared_xacts
            where database = current_database() and gid ~ ('^xa1:' || ? || '[0-9]+:')
            """)
        .param(coordinator)
        .query(String.class)
        .list();
  }

  boolean isPrepared(BranchId branch) {
    return jdbc.sql(
            """
            select exists (select from pg_prepared_xacts
                           where database = current_database() and gid = ?)
            """)
        .param(branch.text())
        .query(Boolean.class)
        .single();
  }

  /** Whether a branch of this change is prepared, in any transaction. */
  boolean isPrepared(ChangeId change) {
    return jdbc.sql(
            """
            select exists (select from pg_prepared_xacts
                           where database = current_database() and gid ~ ('^xa1:.*:' || ? || '$'))
            """)
        .param(change.toString())
        .query(Boolean.class)
        .single();
  }

  /**
   * The vote, asked once more: the branch is prepared, or was and has committed since.
   *
   * @throws DataAccessException if the database is away
   */
  boolean stands(BranchId branch) {
    return isPrepared(branch)
        || rows.find(branch.change()).orElse(null) instanceof ChangeRows.Row.Applied;
  }

  /**
   * Commits the branch. A branch that is not there counts as committed only if its change row is
   * (rule X3): else it was rolled back behind the coordinator's back. The answer says so, and a
   * tombstone keeps it true.
   */
  End commit(BranchId branch) {
    try {
      jdbc.sql("commit prepared '" + branch.text() + "'").update();
      return End.COMMITTED;
    } catch (DataAccessException failure) {
      return isUndefinedObject(failure)
          ? endOfMissing(() -> rows.entomb(branch.change(), NOBODY_DECIDED))
          : End.UNAVAILABLE;
    }
  }

  /**
   * Rolls the branch back and leaves a tombstone (rule X4), so that work which is still on its way
   * can never be applied here.
   *
   * @return {@code COMMITTED} if the change is applied here already
   */
  End rollback(BranchId branch) {
    return rollback(branch, () -> rows.entomb(branch.change(), NOBODY_DECIDED));
  }

  /** The same by the one who began the change, and knows why it ends. */
  End rollback(BranchId branch, CreditLimitChange change, Refusal why) {
    return rollback(branch, () -> rows.entomb(change, XaMode.NAME, why));
  }

  private End rollback(BranchId branch, Supplier<Optional<ChangeRows.Row>> tombstone) {
    try {
      jdbc.sql("rollback prepared '" + branch.text() + "'").update();
    } catch (DataAccessException failure) {
      if (!isUndefinedObject(failure)) {
        return End.UNAVAILABLE;
      }
    }
    return endOfMissing(tombstone);
  }

  private static End endOfMissing(Supplier<Optional<ChangeRows.Row>> tombstone) {
    try {
      return tombstone
          .get()
          .map(row -> row instanceof ChangeRows.Row.Applied ? End.COMMITTED : End.ROLLED_BACK)
          .orElse(End.UNAVAILABLE);
    } catch (DataAccessException away) {
      return End.UNAVAILABLE;
    }
  }

  private static boolean isUndefinedObject(DataAccessException failure) {
    return failure.getMostSpecificCause() instanceof SQLException sql
        && UNDEFINED_OBJECT.equals(sql.getSQLState());
  }

  @Override
  public void close() {
    pool.close();
  }
}
