package dev.tandem.stack.crash;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import dev.tandem.stack.crash.Traces.Mark;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Both databases, asked by SQL as their administrator. */
final class TwoDatabases {
  static final String OWNER = "customer-db";
  static final String COPY = "order-db";

  private static final String LOCKED = "55P03";
  private static final String PENDING =
      "select change_id::text from limit_change where state = 'pending' and customer_id = ?::uuid";
  private static final String BARRED =
      """
      select 'the customer waits for ' || open_change from customer
       where open_change is not null and customer_id = ?::uuid
      """;
  private static final String TENTATIVE =
      """
      select 'the account has the tentative limit ' || tentative_limit from credit_account
       where tentative_change is not null and customer_id = ?::uuid
      """;

  private final PartStatus owner;
  private final PartStatus copy;

  TwoDatabases(Stack stack) {
    this.owner = stack.addresses(OWNER);
    this.copy = stack.addresses(COPY);
  }

  /** The change that a key stands for now. */
  Optional<String> changeOf(String key) throws SQLException {
    return first(
        owner, "select change_id::text from idempotency_key where idempotency_key = ?", key);
  }

  Traces traces(String change) throws SQLException {
    return new Traces(mark(owner, change), mark(copy, change));
  }

  String limitAtOwner(String customer) throws SQLException {
    return first(
            owner,
            "select credit_limit || ' v' || version from customer where customer_id = ?::uuid",
            customer)
        .orElse("none");
  }

  String limitAtCopy(String customer) throws SQLException {
    return first(
            copy,
            """
            select credit_limit || ' v' || limit_version from credit_account
             where customer_id = ?::uuid
            """,
            customer)
        .orElse("none");
  }

  /** How often the customer's limit was changed, at the owner and at the copy. */
  String changesApplied(String customer) throws SQLException {
    var sql =
        """
        select count(*)::text from limit_change
         where customer_id = ?::uuid and state = 'applied' and kind = 'change'
        """;
    return first(owner, sql, customer).orElseThrow()
        + " and "
        + first(copy, sql, customer).orElseThrow();
  }

  /** What still keeps the customer's change from being over, in words; empty when it is over. */
  Optional<String> unsettled(String customer) {
    try {
      var left = new ArrayList<String>();
      if (!limitAtOwner(customer).equals(limitAtCopy(customer))) {
        left.add("owner " + limitAtOwner(customer) + ", copy " + limitAtCopy(customer));
      }
      for (var side : List.of(owner, copy)) {
        first(side, "select gid from pg_prepared_xacts where gid <> ?", "")
            .ifPresent(gid -> left.add(gid + " is prepared in " + side.name()));
      }
      for (var side : List.of(owner, copy)) {
        first(side, PENDING, customer)
            .ifPresent(id -> left.add(id + " is pending in " + side.name()));
      }
      first(owner, BARRED, customer).ifPresent(left::add);
      first(copy, TENTATIVE, customer).ifPresent(left::add);
      if (isLocked(owner, "customer", customer) || isLocked(copy, "credit_account", customer)) {
        left.add("a row is locked");
      }
      return left.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", left));
    } catch (SQLException away) {
      return Optional.of("a database does not answer: " + away.getMessage());
    }
  }

  /** Ends all sessions of the service that works on this database; returns how many. */
  int endSessions(String database) throws SQLException {
    return Integer.parseInt(
        first(
                side(database),
                """
                select count(pg_terminate_backend(pid))::text from pg_stat_activity
                 where datname = current_database() and usename = ?
                """,
                roleOf(database))
            .orElseThrow());
  }

  /** Lets every commit of this server take place and wait for a standby that does not exist. */
  void holdBackAnswersOfCommits(String database, boolean hold) throws SQLException {
    execute(
        side(database),
        hold
            ? "alter system set synchronous_standby_names = 'nobody'"
            : "alter system reset synchronous_standby_names");
    execute(side(database), "select pg_reload_conf()");
  }

  /** Sessions that have committed a prepared transaction and cannot say so. */
  boolean hasCommitThatCannotBeAnswered(String database) throws SQLException {
    return first(
            side(database),
            """
            select pid::text from pg_stat_activity
             where wait_event = 'SyncRep' and query ilike 'commit prepared%' and usename = ?
            """,
            roleOf(database))
        .isPresent();
  }

  private PartStatus side(String database) {
    return database.equals(OWNER) ? owner : copy;
  }

  private static String roleOf(String database) {
    return database.equals(OWNER) ? "customer_service" : "order_service";
  }

  private static boolean isPrepared(PartStatus side, String change) throws SQLException {
    return first(
            side,
            """
            select gid from pg_prepared_xacts
             where database = current_database() and right(gid, 37) = ':' || ?
            """,
            change)
        .isPresent();
  }

  private static Mark mark(PartStatus side, String change) throws SQLException {
    if (isPrepared(side, change)) {
      return Mark.PREPARED;
    }
    var state = first(side, "select state from limit_change where change_id = ?::uuid", change);
    return switch (state.orElse("none")) {
      case "applied" -> Mark.COMMITTED;
      case "pending" -> Mark.PENDING;
      default -> Mark.NOTHING;
    };
  }

  private static boolean isLocked(PartStatus side, String table, String customer)
      throws SQLException {
    var sql = "select 'free' from " + table + " where customer_id = ?::uuid for update nowait";
    try {
      first(side, sql, customer);
      return false;
    } catch (SQLException failure) {
      if (LOCKED.equals(failure.getSQLState())) {
        return true;
      }
      throw failure;
    }
  }

  private static Optional<String> first(PartStatus side, String sql, String parameter)
      throws SQLException {
    try (var connection = DriverManager.getConnection(side.jdbcUrl(), properties(side));
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  private static void execute(PartStatus side, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(side.jdbcUrl(), properties(side));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Properties properties(PartStatus side) {
    var properties = new Properties();
    properties.setProperty("user", String.valueOf(side.user()));
    properties.setProperty("password", String.valueOf(side.password()));
    properties.setProperty("connectTimeout", "2"); // s
    properties.setProperty("socketTimeout", String.valueOf(Duration.ofSeconds(5).toSeconds()));
    return properties;
  }
}
