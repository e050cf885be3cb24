package dev.tandem.mode;

import dev.tandem.mode.ModeSwitch.Change;
import dev.tandem.mode.ModeSwitch.Held;
import dev.tandem.mode.ModeSwitch.Open;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The mode in force as the owner's database has it, its history, and what holds it. */
final class ModeTable {

  /** The row of {@code consistency_mode}. */
  record Row(String mode, Instant since, String by) {}

  /** More than somebody reads. */
  private static final int SHOWN = 20;

  private static final String AT_THE_FIRST_START = "tandem.consistency.mode, at the first start";

  /** Of several instances that start for the first time, one decides. */
  private static final String BEGIN =
      """
      with begun as (
        insert into consistency_mode (mode, actor) values (:mode, :by)
        on conflict (only_row) do nothing
        returning mode, actor, since)
      insert into mode_change (to_mode, actor, at) select mode, actor, since from begun
      """;

  private static final String CHANGE =
      """
      with old as (select mode from consistency_mode),
      changed as (
        update consistency_mode set mode = :mode, actor = :by, since = clock_timestamp()
         where mode <> :mode
        returning mode, actor, since)
      insert into mode_change (from_mode, to_mode, actor, at)
      select old.mode, changed.mode, changed.actor, changed.since from old, changed
      """;

  /**
   * Sessions that only pass are no matter. The last part of a branch's name is its change; one that
   * is not ours is shown too: it may hold what it likes.
   */
  private static final String OPEN =
      """
      select what, id, change, extract(epoch from clock_timestamp() - since) * 1000 as age
        from (select 'branch' as what, gid as id,
                     substring(gid from ':([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid as change, prepared as since
                from pg_prepared_xacts where database = current_database()
              union all
              select 'action', action, change_id, pending_since
                from limit_change where state = 'pending'
              union all
              select 'session', l.pid::text, null, a.xact_start
                from pg_locks l join pg_stat_activity a using (pid)
               where l.locktype = 'advisory' and l.classid = 0 and l.objsubid = 1
                 and l.objid::bigint = consistency_mode_lock() and l.granted
                 and l.database = (select oid from pg_database where datname = current_database())
                 and a.xact_start < clock_timestamp() - interval '1 s') as holders
       order by since
       limit :shown
      """;

  /** Work that only its own mode brings to an end: branches, actions, and rows for the broker. */
  private static final String UNENDED =
      """
      select 'xa' where exists (select from pg_prepared_xacts
                                 where database = current_database() and gid like 'xa1:%')
      union select mode from limit_change where state = 'pending'
      union select 'event' where exists (select from outbox)
      """;

  private final JdbcClient jdbc;

  ModeTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is in force; from now on it is {@code initial} if nothing has ever been. */
  Row inForce(String initial) {
    return read()
        .orElseGet(
            () -> {
              jdbc.sql(BEGIN).param("mode", initial).param("by", AT_THE_FIRST_START).update();
              return read().orElseThrow();
            });
  }

  private Optional<Row> read() {
    return jdbc.sql("select mode, since, actor from consistency_mode")
        .query(
            (row, number) ->
                new Row(row.getString("mode"), instant(row, "since"), row.getString("actor")))
        .optional();
  }

  /** The newest changes of the mode, the newest first. */
  List<Change> changes() {
    return jdbc.sql(
            """
            select from_mode, to_mode, actor, at from mode_change
             order by mode_change_number desc limit ?
            """)
        .param(SHOWN)
        .query(
            (row, number) ->
                new Change(
                    row.getString("from_mode"),
                    row.getString("to_mode"),
                    row.getString("actor"),
                    instant(row, "at")))
        .list();
  }

  /** What holds the mode in force now, the oldest first. */
  Open open() {
    var all =
        jdbc.sql(OPEN)
            .param("shown", SHOWN)
            .query((row, number) -> new Holder(row.getString("what"), held(row)))
            .list();
    return new Open(of("branch", all), of("action", all), of("session", all));
  }

  /** The names of the modes that have left something in this database which they must end. */
  List<String> unended() {
    return jdbc.sql(UNENDED).query(String.class).list();
  }

  private record Holder(String what, Held held) {}

  private static List<Held> of(String what, List<Holder> all) {
    return all.stream().filter(one -> one.what.equals(what)).map(Holder::held).toList();
  }

  /**
   * Takes the mode alone, up to the end of the transaction.
   *
   * @throws org.springframework.dao.PessimisticLockingFailureException if it is not free in time
   */
  void lock(Duration limit, Duration longest) {
    jdbc.sql(
            """
            select set_config('lock_timeout', :limit, true),
                   set_config('transaction_timeout', :longest, true)
            """)
        .param("limit", limit.toMillis() + "ms")
        .param("longest", longest.toMillis() + "ms")
        .query((row, number) -> "")
        .single();
    jdbc.sql("select pg_advisory_xact_lock(consistency_mode_lock())")
        .query((row, number) -> "")
        .single();
  }

  /** Whether an action is open: its local transaction is over, and so is its share of the lock. */
  boolean isActionOpen() {
    return jdbc.sql("select exists (select from limit_change where state = 'pending')")
        .query(Boolean.class)
        .single();
  }

  /**
   * What is left until the mode has been in force for that long, by the database's clock. Nothing
   * if that clock was set back meanwhile: nobody waits for a time that lies ahead.
   */
  Duration untilInForceFor(Duration reign) {
    return jdbc.sql(
            """
            select ceil(extract(epoch from since - clock_timestamp()) * 1000) + :reign
              from consistency_mode
             where clock_timestamp() - since between interval '0' and :reign * interval '1 ms'
            """)
        .param("reign", reign.toMillis())
        .query(Long.class)
        .optional()
        .map(Duration::ofMillis)
        .orElse(Duration.ZERO);
  }

  /** Puts another mode in force, and writes down who did; nothing if it is in force already. */
  void change(String mode, String by) {
    jdbc.sql(CHANGE).param("mode", mode).param("by", by).update();
  }

  void pause(Duration time) {
    jdbc.sql("select pg_sleep(?)")
        .param(time.toMillis() / 1000.0)
        .query((row, number) -> "")
        .single();
  }

  private static Held held(ResultSet row) throws SQLException {
    var change = row.getObject("change", UUID.class);
    return new Held(
        row.getString("id"), change == null ? null : new ChangeId(change), row.getLong("age"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
