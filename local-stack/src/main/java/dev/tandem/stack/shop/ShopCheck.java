package dev.tandem.stack.shop;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.shop.Ledger.Account;
import dev.tandem.stack.shop.Ledger.Entry;
import dev.tandem.stack.shop.Ledger.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks into both databases, past every service. Nothing here believes a status word: each check
 * returns what it has counted. Two reads of two servers are not one snapshot, so ask when nothing
 * is under way.
 */
public final class ShopCheck {

  private final PartStatus customerDb;
  private final PartStatus orderDb;

  public ShopCheck(PartStatus customerDb, PartStatus orderDb) {
    this.customerDb = customerDb;
    this.orderDb = orderDb;
  }

  /** Every customer has the same limit and version on both sides. */
  public Evidence bothSidesAgree() throws SQLException {
    var owner =
        column(
            customerDb, "select customer_id::text, credit_limit || ' v' || version from customer");
    var copy =
        column(
            orderDb,
            "select customer_id::text, credit_limit || ' v' || limit_version from credit_account");
    var all = new TreeMap<>(owner);
    copy.forEach(all::putIfAbsent);
    var wrong =
        all.keySet().stream()
            .filter(id -> !String.valueOf(owner.get(id)).equals(String.valueOf(copy.get(id))))
            .toList();
    return evidence(
        "both databases have the same limits",
        all.size(),
        wrong,
        id -> id + ": owner " + owner.get(id) + ", copy " + copy.get(id));
  }

  /** No branch is prepared on either server. */
  public Evidence nothingInDoubt() throws SQLException {
    var prepared = new ArrayList<String>();
    for (var side : List.of(customerDb, orderDb)) {
      prepared.addAll(
          column(side, "select gid, '' from pg_prepared_xacts where database = current_database()")
              .keySet());
    }
    return evidence("nothing is in doubt", prepared.size(), prepared, gid -> gid);
  }

  /** Changes that were acknowledged took place on both sides, under these ids. */
  public Evidence acknowledgedTookPlace(Collection<String> changes) throws SQLException {
    var missing = new ArrayList<>(changes);
    missing.removeIf(both("applied")::containsKey);
    return evidence("acknowledged changes are on both sides", changes.size(), missing, id -> id);
  }

  /** Changes that were refused took place on neither side. */
  public Evidence refusedDidNot(Collection<String> changes) throws SQLException {
    var owner = states(customerDb);
    var copy = states(orderDb);
    var wrong =
        changes.stream()
            .filter(id -> "applied".equals(owner.get(id)) || "applied".equals(copy.get(id)))
            .toList();
    return evidence("refused changes are on neither side", changes.size(), wrong, id -> id);
  }

  /** No change took place on one side only. */
  public Evidence noChangeIsHalfDone() throws SQLException {
    var owner = states(customerDb);
    var copy = states(orderDb);
    var all = new TreeMap<>(owner);
    copy.forEach(all::putIfAbsent);
    var half =
        all.keySet().stream()
            .filter(id -> "applied".equals(owner.get(id)) != "applied".equals(copy.get(id)))
            .toList();
    return evidence(
        "every change is whole",
        all.size(),
        half,
        id -> id + ": owner " + owner.get(id) + ", copy " + copy.get(id));
  }

  /** Rule R1, recomputed for every order of every customer from the account's own sequence. */
  public Evidence noOrderIsBeyondItsLimit() throws SQLException {
    var ledgers = new TreeMap<String, Ledger>();
    var accounts = new TreeMap<String, Account>();
    try (var connection = connect(orderDb)) {
      query(
          connection,
          "select customer_id::text, sequence, exposure from credit_account",
          row -> {
            ledger(ledgers, row); // also one without entries is looked at
            accounts.put(row.getString(1), new Account(row.getLong(2), row.getBigDecimal(3)));
          });
      query(
          connection,
          """
          select customer_id::text, decided_sequence, rejection_reason is null, total, credit_limit
          from orders where decided_sequence is not null
          """,
          row ->
              ledger(ledgers, row)
                  .add(
                      new Entry(
                          row.getLong(2),
                          row.getBoolean(3) ? Kind.APPROVED : Kind.REJECTED,
                          row.getBigDecimal(4),
                          row.getBigDecimal(5))));
      query(
          connection,
          """
          select customer_id::text, cancelled_sequence, total from orders where state = 'CANCELLED'
          """,
          row ->
              ledger(ledgers, row)
                  .add(new Entry(row.getLong(2), Kind.CANCELLED, row.getBigDecimal(3), null)));
      query(
          connection,
          """
          select customer_id::text, sequence, credit_limit from limit_change
          where state = 'applied' and sequence is not null
          """,
          row ->
              ledger(ledgers, row)
                  .add(new Entry(row.getLong(2), Kind.LIMIT, row.getBigDecimal(3), null)));
    }
    var breaches =
        ledgers.entrySet().stream()
            .map(
                each ->
                    each.getValue().firstBreach(accounts.getOrDefault(each.getKey(), Account.NONE)))
            .flatMap(Optional::stream)
            .toList();
    return evidence(
        "no order is beyond its limit (R1)", ledgers.size(), breaches, breach -> breach);
  }

  /** All checks that need no list of answers. */
  public List<Evidence> all() throws SQLException {
    return List.of(
        bothSidesAgree(), nothingInDoubt(), noChangeIsHalfDone(), noOrderIsBeyondItsLimit());
  }

  private Map<String, String> both(String state) throws SQLException {
    var both = states(customerDb);
    var copy = states(orderDb);
    both.entrySet()
        .removeIf(each -> !each.getValue().equals(state) || !state.equals(copy.get(each.getKey())));
    return both;
  }

  private Map<String, String> states(PartStatus side) throws SQLException {
    return column(side, "select change_id::text, state from limit_change");
  }

  private static Ledger ledger(Map<String, Ledger> ledgers, ResultSet row) throws SQLException {
    return ledgers.computeIfAbsent(row.getString(1), Ledger::new);
  }

  private static <T> Evidence evidence(
      String claim, int looked, List<T> wrong, java.util.function.Function<T, String> words) {
    return new Evidence(
        claim,
        wrong.isEmpty(),
        wrong.isEmpty()
            ? looked + " looked at, 0 wrong"
            : "%d of %d wrong, the first: %s"
                .formatted(wrong.size(), looked, words.apply(wrong.get(0))));
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static Map<String, String> column(PartStatus side, String sql) throws SQLException {
    var found = new LinkedHashMap<String, String>();
    try (var connection = connect(side)) {
      query(connection, sql, row -> found.put(row.getString(1), row.getString(2)));
    }
    return found;
  }

  private static void query(Connection connection, String sql, RowReader reader)
      throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }

  private static Connection connect(PartStatus side) throws SQLException {
    return DriverManager.getConnection(side.jdbcUrl(), side.user(), side.password());
  }
}
