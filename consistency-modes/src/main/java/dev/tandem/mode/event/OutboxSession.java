package dev.tandem.mode.event;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.VersionedLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The relay's own session with the database. Who holds the lock in it is the relay; with the
 * session the lock is gone, however it ends. Every call is a transaction of its own.
 */
final class OutboxSession implements AutoCloseable {

  /** The four letters TAND, so that it is nobody else's by chance. */
  static final int LOCK_CLASS = 0x54414E44;

  static final int LOCK = 2;

  /**
   * Nothing is lost by the first: a deletion that a crash takes back is a message that comes twice.
   * By the second the server itself ends the session of a relay that hangs, or whose machine is
   * gone: one that lives asks several times a second. By the last the plans that were made while
   * the outbox was short are also those for a long one.
   */
  private static final String OPTIONS =
      "-c synchronous_commit=off -c idle_session_timeout=10s -c client_min_messages=error"
          + " -c enable_seqscan=off -c enable_bitmapscan=off";

  private static final String NEXT =
      """
      select outbox_number, change_id, customer_id, kind, credit_limit, version, requested_at,
             committed_at, traceparent
        from outbox order by outbox_number limit ?
      """;

  /** Of each slot no more than asked for is looked at, whatever waits in the others. */
  private static final String NEXT_OF_SLOTS =
      """
      select rows.* from unnest(?) as wanted (slot), lateral (
             select outbox_number, change_id, customer_id, kind, credit_limit, version,
                    requested_at, committed_at, traceparent
               from outbox where slot = wanted.slot order by outbox_number limit ?) rows
       order by outbox_number limit ?
      """;

  /**
   * The reading time is that of the statement's beginning: a transaction that gets its first row in
   * after it, gets it in after the stamp. One that had one before is seen among those that have
   * begun to write (of this role; nobody else's may write here).
   */
  private static final String STAMP =
      """
      select least(
               statement_timestamp(),
               (select min(xact_start) from pg_stat_activity
                 where datname = current_database() and backend_xid is not null),
               (select min(prepared) from pg_prepared_xacts where database = current_database()))
      """;

  /** A row of the outbox. */
  record Row(long number, LimitMessage message) {}

  private final SingleConnectionDataSource connection = new SingleConnectionDataSource();
  private final JdbcClient jdbc;

  OutboxSession(DataSourceProperties database) {
    connection.setUrl(database.determineUrl());
    connection.setUsername(database.determineUsername());
    connection.setPassword(database.determinePassword());
    connection.setSuppressClose(true);
    connection.setConnectionProperties(properties());
    jdbc = JdbcClient.create(connection);
  }

  private static Properties properties() {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "tandem-relay");
    properties.setProperty("connectTimeout", "1"); // s
    properties.setProperty("socketTimeout", "5"); // s
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("options", OPTIONS);
    return properties;
  }

  /** Becomes the relay, unless another session is. */
  boolean tryToLead() {
    return jdbc.sql("select pg_try_advisory_lock(?, ?)")
        .params(LOCK_CLASS, LOCK)
        .query(Boolean.class)
        .single();
  }

  /**
   * A time before which nothing was committed that a reading begun after this call does not see. It
   * stands still while a transaction that writes is open.
   */
  Instant stamp() {
    return jdbc.sql(STAMP).query(OffsetDateTime.class).single().toInstant();
  }

  /** The first rows, in their order; fewer than asked for only if these are all. */
  List<Row> next(int atMost) {
    return jdbc.sql(NEXT).param(atMost).query((row, number) -> toRow(row)).list();
  }

  /** The same of some slots' customers. */
  List<Row> next(int atMost, IntStream slots) {
    var wanted = slots.mapToObj(slot -> (short) slot).toArray(Short[]::new);
    return jdbc.sql(NEXT_OF_SLOTS)
        .params(wanted, atMost, atMost)
        .query((row, number) -> toRow(row))
        .list();
  }

  /** By number, one by one: a smaller number than these may become visible after them. */
  void delete(Collection<Row> published) {
    var numbers = published.stream().map(Row::number).toArray(Long[]::new);
    jdbc.sql("delete from outbox where outbox_number = any(?)").param(numbers).update();
  }

  private static Row toRow(ResultSet row) throws SQLException {
    var limit =
        new VersionedLimit(
            new ChangeId(row.getObject("change_id", UUID.class)),
            new CustomerId(row.getObject("customer_id", UUID.class)),
            Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            new CreditLimit(row.getBigDecimal("credit_limit")),
            row.getLong("version"),
            EventMode.NAME,
            instant(row, "requested_at"));
    return new Row(
        row.getLong("outbox_number"),
        new LimitMessage(limit, instant(row, "committed_at"), row.getString("traceparent")));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  @Override
  public void close() {
    connection.destroy();
  }
}
