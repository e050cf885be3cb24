package dev.tandem.mode.event;

import dev.tandem.mode.VersionedLimit;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What this database has committed and the broker has not acknowledged yet, as its writers see it.
 */
final class Outbox {

  private static final String POST =
      """
      insert into outbox
             (change_id, customer_id, kind, credit_limit, version, requested_at, traceparent)
      values (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String STATE =
      """
      select count(*) as depth,
             coalesce(extract(epoch from clock_timestamp() - min(committed_at)) * 1000, 0)::bigint
               as oldest,
             exists (select from pg_locks l join pg_database d on d.oid = l.database
                      where l.locktype = 'advisory' and d.datname = current_database()
                        and l.classid = :lockClass and l.objid = :lock and l.objsubid = 2
                        and l.granted) as relayed
        from outbox
      """;

  /**
   * How much waits.
   *
   * @param depth number of rows
   * @param oldest for how long the oldest one has been waiting; zero if none waits
   * @param relayed whether a relay of any instance is at work
   */
  record State(long depth, Duration oldest, boolean relayed) {}

  private final JdbcClient jdbc;

  Outbox(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Lays the change out for the relay, in the caller's transaction, which has applied it. */
  void post(VersionedLimit limit, String traceparent) {
    jdbc.sql(POST)
        .params(
            limit.changeId().value(),
            limit.customerId().value(),
            limit.kind().name().toLowerCase(Locale.ROOT),
            limit.limit().amount(),
            limit.version(),
            limit.requestedAt().atOffset(ZoneOffset.UTC),
            traceparent)
        .update();
  }

  /** How much waits now. */
  State state() {
    return jdbc.sql(STATE)
        .param("lockClass", OutboxSession.LOCK_CLASS)
        .param("lock", OutboxSession.LOCK)
        .query(
            (row, number) ->
                new State(
                    row.getLong("depth"),
                    Duration.ofMillis(row.getLong("oldest")),
                    row.getBoolean("relayed")))
        .single();
  }
}
