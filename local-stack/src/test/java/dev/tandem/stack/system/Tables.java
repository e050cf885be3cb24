package dev.tandem.stack.system;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import dev.tandem.stack.shop.Evidence;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Both databases by SQL, past every service, as their administrator. */
public final class Tables {
  public static final String OWNER = "customer-db";
  public static final String COPY = "order-db";

  private static final String LOCKED = "55P03";

  private final Stack stack;

  Tables(Stack stack) {
    this.stack = stack;
  }

  /** Forgets all customers, orders and changes; nothing may be under way. */
  public void empty() throws SQLException {
    execute(
        OWNER, "truncate customer, limit_change, open_change, idempotency_key, anomaly, outbox");
    execute(COPY, "truncate credit_account, orders, limit_change, anomaly, missed_limit");
  }

  /** All that refused and impossible requests must leave as it is; records of refusals may come. */
  String contents() throws SQLException {
    return String.join(
        "\n",
        rows(OWNER, "customer"),
        rows(OWNER, "open_change"),
        rows(OWNER, "limit_change where state = 'applied'"),
        rows(COPY, "credit_account"),
        rows(COPY, "orders"),
        rows(COPY, "limit_change where state = 'applied'"));
  }

  /** Whether contents are what they were. */
  Evidence unchangedSince(String before) throws SQLException {
    var now = contents();
    return new Evidence(
        "nothing has changed", now.equals(before), "before:\n" + before + "\nnow:\n" + now);
  }

  /** Where the customer's row is locked, if anywhere. */
  List<String> locksOf(String customer) throws SQLException {
    var locks = new ArrayList<String>();
    if (isLocked(OWNER, "customer", customer)) {
      locks.add("customer " + customer + " in " + OWNER);
    }
    if (isLocked(COPY, "credit_account", customer)) {
      locks.add("credit account " + customer + " in " + COPY);
    }
    return locks;
  }

  /** A foreign branch, unknown to the coordinator, that holds what this statement locks. */
  RunningShop.Fault preparedByHand(String database, String statement) throws SQLException {
    execute(database, "begin; " + statement + "; prepare transaction 'by hand'");
    return () -> {
      try {
        execute(database, "rollback prepared 'by hand'");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  public void execute(String database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute("set lock_timeout = '5s'");
      statement.execute(sql);
    }
  }

  /** The first column, as text. */
  public List<String> ask(String database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    }
  }

  /** How many deadlocks both servers have seen since they were made. */
  long deadlocks() throws SQLException {
    long all = 0;
    for (var database : List.of(OWNER, COPY)) {
      all += Long.parseLong(ask(database, "select sum(deadlocks) from pg_stat_database").get(0));
    }
    return all;
  }

  private String rows(String database, String from) throws SQLException {
    var rows = ask(database, "select t::text from " + from.replaceFirst("^\\w+", "$0 t"));
    return database + "." + from + ": " + rows.stream().sorted().toList();
  }

  private boolean isLocked(String database, String table, String customer) throws SQLException {
    try {
      ask(
          database,
          "select 1 from %s where customer_id = '%s' for update nowait".formatted(table, customer));
      return false;
    } catch (SQLException failure) {
      if (LOCKED.equals(failure.getSQLState())) {
        return true;
      }
      throw failure;
    }
  }

  private Connection connect(String database) throws SQLException {
    PartStatus part = stack.addresses(database);
    return DriverManager.getConnection(part.jdbcUrl(), part.user(), part.password());
  }
}
