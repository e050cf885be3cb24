package dev.tandem.bench.check;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import dev.tandem.stack.shop.ShopCheck;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The owner's and the copy's database, read past every service when a run is over.
 *
 * @param leftBehind what parts other than the databases still hold, by mode and in words: dead
 *     letters, open actions, transactions in doubt
 */
public record TwoDatabases(
    PartStatus owner, PartStatus copy, Map<String, List<String>> leftBehind) {

  /** A change of a limit that is written down as having taken place. */
  record Change(String id, String customer, boolean creates, long version, BigDecimal limit) {}

  /**
   * An order as it is stored.
   *
   * @param version of the limit that it was decided on; 0 if the customer was unknown
   * @param demand what the limit had to cover: all orders open at the decision, and this one
   */
  record Order(
      String id,
      String customer,
      BigDecimal total,
      String state,
      boolean rejected,
      long version,
      BigDecimal demand) {}

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Of this stack, when nothing is under way there any more. */
  public static TwoDatabases of(Stack stack) {
    return new TwoDatabases(
        stack.addresses("customer-db"),
        stack.addresses("order-db"),
        new LeftBehind(stack).byMode());
  }

  ShopCheck shop() {
    return new ShopCheck(owner, copy);
  }

  List<Change> changesAtOwner(Set<String> customers) throws SQLException {
    return changes(owner, customers);
  }

  List<Change> changesAtCopy(Set<String> customers) throws SQLException {
    return changes(copy, customers);
  }

  /**
   * Of those changes that took place: from the instant that its row notes, which is when it had its
   * customer's row, to the commit that wrote its end.
   */
  List<Double> lockedMillisAtOwner(Set<String> customers, Set<String> changes) throws SQLException {
    return ask(
            owner,
            """
            select change_id::text,
                   extract(epoch from pg_xact_commit_timestamp(xmin)
                                      - coalesce(pending_since, recorded_at)) * 1000
              from limit_change
             where state = 'applied' and customer_id = any(?)
               and current_setting('track_commit_timestamp') = 'on'
            """,
            customers,
            row -> Map.entry(row.getString(1), row.getDouble(2)))
        .stream()
        .filter(change -> changes.contains(change.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** In the order of each account's decisions. */
  List<Order> orders(Set<String> customers) throws SQLException {
    return ask(
        copy,
        """
        select order_id::text, customer_id::text, total, state, rejection_reason is not null,
               coalesce(limit_version, 0), coalesce(exposure_before, 0) + total
          from orders where customer_id = any(?) order by customer_id, decided_sequence, order_number
        """,
        customers,
        row ->
            new Order(
                row.getString(1),
                row.getString(2),
                row.getBigDecimal(3),
                row.getString(4),
                row.getBoolean(5),
                row.getLong(6),
                row.getBigDecimal(7)));
  }

  private static List<Change> changes(PartStatus side, Set<String> customers) throws SQLException {
    return ask(
        side,
        """
        select change_id::text, customer_id::text, kind = 'create', version, credit_limit
          from limit_change where state = 'applied' and customer_id = any(?)
         order by customer_id, version
        """,
        customers,
        row ->
            new Change(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                row.getLong(4),
                row.getBigDecimal(5)));
  }

  private static <T> List<T> ask(
      PartStatus side, String sql, Set<String> customers, RowReader<T> reader) throws SQLException {
    try (var connection = connect(side);
        var statement = connection.prepareStatement(sql)) {
      var ids = customers.stream().map(UUID::fromString).toArray();
      statement.setArray(1, connection.createArrayOf("uuid", ids));
      var found = new ArrayList<T>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      return found;
    }
  }

  private static Connection connect(PartStatus side) throws SQLException {
    return DriverManager.getConnection(side.jdbcUrl(), side.user(), side.password());
  }
}
