package dev.tandem.stack.shop;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.shop.Ledger.Account;
import dev.tandem.stack.shop.Ledger.Breach;
import dev.tandem.stack.shop.Ledger.Entry;
import dev.tandem.stack.shop.Ledger.Kind;
import dev.tandem.stack.shop.Ledger.Limits;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Looks into both databases, past every service. Nothing here believes a status word: each check
 * returns what it has counted. Two reads of two servers are not one snapshot, so ask when nothing
 * is under way.
 */
public final class ShopCheck {
  private static final List<String> OWNERS_TABLES =
      List.of("customer", "limit_change", "open_change");
  private static final List<String> COPYS_TABLES =
      List.of("credit_account", "orders", "limit_change");

  private final PartStatus customerDb;
  private final PartStatus orderDb;
  private final @Nullable Set<String> shown;

  public ShopCheck(PartStatus customerDb, PartStatus orderDb) {
    this(customerDb, orderDb, null);
  }

  private ShopCheck(PartStatus customerDb, PartStatus orderDb, @Nullable Set<String> shown) {
    this.customerDb = customerDb;
    this.orderDb = orderDb;
    this.shown = shown;
  }

  /**
   * The same checks of these customers alone. Of a prepared branch nobody can say whose it is: they
   * are all looked at.
   */
  public ShopCheck of(Set<String> customers) {
    return new ShopCheck(customerDb, orderDb, Set.copyOf(customers));
  }

  /**
   * Every customer has the same limit and version on both sides. The worst is the one whose limits
   * are furthest apart; who is missing on a side has none there.
   */
  public Evidence bothSidesAgree() throws SQLException {
    var owner = limits(customerDb, "select customer_id::text, credit_limit, version from customer");
    var copy =
        limits(
            orderDb, "select customer_id::text, credit_limit, limit_version from credit_account");
    var all = new TreeSet<>(owner.keySet());
    all.addAll(copy.keySet());
    var wrong =
        all.stream()
            .map(id -> new Sides(id, owner.get(id), copy.get(id)))
            .filter(sides -> !Objects.equals(sides.owner(), sides.copy()))
            .toList();
    return Evidence.of(
        "both databases have the same limits",
        all.size(),
        wrong,
        sides -> sides.customer() + ": owner " + sides.owner() + ", copy " + sides.copy(),
        Comparator.comparing(Sides::apart).thenComparing(Sides::versionsApart));
  }

  private record Limit(BigDecimal amount, long version) {
    @Override
    public String toString() {
      return amount + " v" + version;
    }
  }

  /** One customer's limits; null where there is none. */
  private record Sides(String customer, @Nullable Limit owner, @Nullable Limit copy) {
    BigDecimal apart() {
      return amount(owner).subtract(amount(copy)).abs();
    }

    long versionsApart() {
      return Math.abs(version(owner) - version(copy));
    }

    private static BigDecimal amount(@Nullable Limit limit) {
      return limit == null ? BigDecimal.ZERO : limit.amount();
    }

    private static long version(@Nullable Limit limit) {
      return limit == null ? 0 : limit.version();
    }
  }

  private Map<String, Limit> limits(PartStatus side, String sql) throws SQLException {
    var found = new TreeMap<String, Limit>();
    try (var connection = connect(side)) {
      query(
          connection,
          sql,
          row -> found.put(row.getString(1), new Limit(row.getBigDecimal(2), row.getLong(3))));
    }
    return found;
  }

  /** Nothing is prepared, and no change is open. */
  public Evidence nothingIsUnderWay() throws SQLException {
    var found = new ArrayList<String>();
    found.addAll(nothingIsPrepared().wrong());
    found.addAll(noChangeIsOpen().wrong());
    return Evidence.of("nothing is under way", found.size(), found, each -> each);
  }

  /** No branch is prepared on either server; the words begin with its name. */
  public Evidence nothingIsPrepared() throws SQLException {
    var found = new ArrayList<String>();
    for (var side : List.of(customerDb, orderDb)) {
      found(
          found,
          side,
          "select gid || ' is prepared' from pg_prepared_xacts where database = current_database()");
    }
    return Evidence.of("no branch is prepared", found.size(), found, each -> each);
  }

  /**
   * No change waits for its end, no limit is tentative or barred from other changes, and no event
   * is on its way to the copy.
   */
  public Evidence noChangeIsOpen() throws SQLException {
    var found = new ArrayList<String>();
    for (var side : List.of(customerDb, orderDb)) {
      found(
          found,
          side,
          "select change_id || ' is pending' from limit_change where state = 'pending'");
    }
    found(
        found,
        customerDb,
        "select customer_id || ' waits for ' || open_change from customer where open_change is not null");
    found(
        found,
        orderDb,
        """
        select customer_id || ' has the tentative limit ' || tentative_limit from credit_account
         where tentative_change is not null
        """);
    var events =
        column(
                customerDb,
                "select change_id::text, '' from limit_change where mode = 'event' and state = 'applied'")
            .keySet();
    events.removeAll(states(orderDb).keySet());
    events.forEach(change -> found.add(change + " is on its way to " + orderDb.name()));
    return Evidence.of("no change is open", found.size(), found, each -> each);
  }

  /** Nobody waits for the outcome of a change that was left open. */
  public Evidence noAnswerIsOwed() throws SQLException {
    var owed = new ArrayList<String>();
    found(owed, customerDb, "select change_id::text from open_change");
    return Evidence.of("no answer is owed", owed.size(), owed, change -> change);
  }

  /** Neither service has written down a contradiction. */
  public Evidence noAnomaly() throws SQLException {
    var found = new ArrayList<String>();
    for (var side : List.of(customerDb, orderDb)) {
      found(found, side, "select change_id || ' ' || what from anomaly");
    }
    return Evidence.of("there is no anomaly", found.size(), found, each -> each);
  }

  /**
   * Each version of a limit took place once on each side, and the last one's limit is in force:
   * none is lost, none came twice. A customer may begin at version 1 without a change, as sample
   * customers do. The worst is the one of which most versions are missing or came twice.
   */
  public Evidence noVersionIsMissing() throws SQLException {
    var wrong = new ArrayList<Gap>();
    for (var side : List.of(customerDb, orderDb)) {
      try (var connection = connect(side)) {
        query(
            connection,
            side == customerDb
                ? gaps("customer", "version")
                : gaps("credit_account", "limit_version"),
            row -> wrong.add(new Gap(row.getString(1) + " in " + side.name(), row.getLong(2))));
      }
    }
    int customers = column(customerDb, "select customer_id::text, '' from customer").size();
    return Evidence.of(
        "no version of a limit is missing",
        customers,
        wrong,
        Gap::words,
        Comparator.comparingLong(Gap::versions));
  }

  /**
   * @param versions how many are missing or came twice
   */
  private record Gap(String words, long versions) {}

  private static String gaps(String table, String version) {
    return """
        select c.customer_id || ' v' || c.version || ' ' || c.credit_limit || ' after '
               || coalesce('v' || min(l.version) || ' to v' || max(l.version) || ' in ' || count(*)
                           || ' changes, ' || count(distinct l.version) || ' of them different, the last one to '
                           || (array_agg(l.credit_limit order by l.version desc))[1], 'no change'),
               greatest(c.version, max(l.version)) - least(min(l.version), 2) + 1
               - count(distinct l.version) + count(l.version) - count(distinct l.version)
          from (select customer_id, credit_limit, %s as version from %s) c
          left join limit_change l on l.customer_id = c.customer_id and l.state = 'applied'
         group by c.customer_id, c.version, c.credit_limit
        having coalesce(max(l.version), 1) <> c.version
            or count(l.version) <> count(distinct l.version) or min(l.version) > 2
            or count(l.version) <> max(l.version) - min(l.version) + 1
            or (array_agg(l.credit_limit order by l.version desc))[1] <> c.credit_limit
        """
        .formatted(version, table);
  }

  /** Changes that were acknowledged took place on both sides, under these ids. */
  public Evidence acknowledgedTookPlace(Collection<String> changes) throws SQLException {
    var missing = new ArrayList<>(changes);
    missing.removeIf(both("applied")::containsKey);
    return Evidence.of("acknowledged changes are on both sides", changes.size(), missing, id -> id);
  }

  /** Changes that were refused took place on neither side. */
  public Evidence refusedDidNot(Collection<String> changes) throws SQLException {
    var owner = states(customerDb);
    var copy = states(orderDb);
    var wrong =
        changes.stream()
            .filter(id -> "applied".equals(owner.get(id)) || "applied".equals(copy.get(id)))
            .toList();
    return Evidence.of("refused changes are on neither side", changes.size(), wrong, id -> id);
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
    return Evidence.of(
        "every change is whole",
        all.size(),
        half,
        id -> id + ": owner " + owner.get(id) + ", copy " + copy.get(id));
  }

  /**
   * Rule R1, recomputed for every order of every customer from the account's own sequence. The
   * worst is the order that is furthest above its limit; there is none if what is wrong is another
   * thing.
   */
  public Evidence noOrderIsBeyondItsLimit() throws SQLException {
    var ledgers = new TreeMap<String, Ledger>();
    var accounts = new TreeMap<String, Account>();
    try (var connection = connect(orderDb)) {
      query(
          connection,
          """
          select customer_id::text, sequence, exposure, credit_limit, tentative_limit
          from credit_account
          """,
          row -> {
            ledger(ledgers, row); // also one without entries is looked at
            accounts.put(
                row.getString(1),
                new Account(row.getLong(2), row.getBigDecimal(3), limits(row, 4)));
          });
      query(
          connection,
          """
          select customer_id::text, decided_sequence,
                 case when rejection_reason is null then 'APPROVED' else 'REJECTED' end,
                 total, credit_limit, pending_limit
          from orders where decided_sequence is not null
          """,
          row -> ledger(ledgers, row).add(entry(row, limits(row, 5))));
      query(
          connection,
          """
          select customer_id::text, cancelled_sequence, 'CANCELLED', total
          from orders where state = 'CANCELLED'
          union all
          select customer_id::text, placed_sequence, 'PLACED', credit_limit
          from limit_change where placed_sequence is not null
          union all
          select customer_id::text, sequence,
                 case state when 'applied' then 'LIMIT' else 'TAKEN_BACK' end, credit_limit
          from limit_change where sequence is not null
          """,
          row -> ledger(ledgers, row).add(entry(row, null)));
    }
    var breaches =
        ledgers.entrySet().stream()
            .map(
                each ->
                    each.getValue().breaches(accounts.getOrDefault(each.getKey(), Account.NONE)))
            .filter(found -> !found.isEmpty())
            .toList();
    return Evidence.of(
        "no order is beyond its limit (R1)",
        ledgers.size(),
        breaches.stream().map(found -> found.get(0).words()).toList(),
        worst(breaches));
  }

  private static String worst(List<List<Breach>> breaches) {
    return breaches.stream()
        .flatMap(List::stream)
        .filter(breach -> breach.excess().signum() > 0)
        .max(Comparator.comparing(Breach::excess))
        .map(Breach::words)
        .orElse("");
  }

  /** All checks that need no list of answers. */
  public List<Evidence> all() throws SQLException {
    return List.of(
        bothSidesAgree(),
        nothingIsUnderWay(),
        noChangeIsHalfDone(),
        noOrderIsBeyondItsLimit(),
        noAnomaly());
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

  private static Entry entry(ResultSet row, @Nullable Limits decidedOn) throws SQLException {
    return new Entry(
        row.getLong(2), Kind.valueOf(row.getString(3)), row.getBigDecimal(4), decidedOn);
  }

  private static Limits limits(ResultSet row, int first) throws SQLException {
    return new Limits(row.getBigDecimal(first), row.getBigDecimal(first + 1));
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void found(List<String> found, PartStatus side, String sql) throws SQLException {
    try (var connection = connect(side)) {
      query(connection, sql, row -> found.add(row.getString(1) + " in " + side.name()));
    }
  }

  private Map<String, String> column(PartStatus side, String sql) throws SQLException {
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

  private Connection connect(PartStatus side) throws SQLException {
    var connection = DriverManager.getConnection(side.jdbcUrl(), side.user(), side.password());
    try {
      if (shown != null) {
        show(connection, side == customerDb ? OWNERS_TABLES : COPYS_TABLES, shown);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Hides the other customers from this session: PostgreSQL looks for a table among the temporary
   * ones first, so every question can stay as it is.
   */
  private static void show(Connection connection, List<String> tables, Set<String> customers)
      throws SQLException {
    var ids = customers.stream().map(UUID::fromString).map(UUID::toString).toList();
    var sql =
        new StringBuilder(
            "create temp table shown as select unnest('{%s}'::uuid[]) as customer_id; analyze shown;"
                .formatted(String.join(",", ids)));
    for (var table : tables) {
      sql.append(
          """
          create temp view %1$s as
          select * from public.%1$s where customer_id in (select customer_id from shown);
          """
              .formatted(table));
    }
    sql.append(
        """
        create temp view anomaly as
        select * from public.anomaly a where not exists (
          select from public.limit_change l where l.change_id = a.change_id
             and l.customer_id not in (select customer_id from shown))
        """);
    try (var statement = connection.createStatement()) {
      statement.execute(sql.toString());
    }
  }
}
