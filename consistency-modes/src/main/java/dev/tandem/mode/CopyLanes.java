package dev.tandem.mode;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How old the copy is (table {@code copy_lane}). The copy has everything of a lane that its owner
 * had committed by that lane's time, but for what lies in the dead letters; what was committed
 * since may be missing. A limit that lies there is noted for its customer ({@code missed_limit}),
 * as far as its message could be read.
 *
 * <p>Promised: an age is never too small, as far as the clocks of the two database servers agree.
 * The stamps are of the owner's clock and are compared with the copy's own: what one is ahead of
 * the other is missing in the age, or too much in it.
 */
public final class CopyLanes {

  /**
   * @param age null as long as nothing was ever heard through the lane
   */
  public record Lane(int lane, @Nullable Duration age) {}

  /** The setting takes effect with the commit. A stamp that a crash takes back is only too old. */
  private static final String HEARD =
      """
      with unforced as (select set_config('synchronous_commit', 'off', true))
      insert into copy_lane (lane, as_of)
      select heard.* from unforced, unnest(?::int[], ?::timestamptz[]) as heard (lane, as_of)
       order by lane
      on conflict (lane) do update set as_of = excluded.as_of
      """;

  private static final String MISSED =
      """
      insert into missed_limit as mine (customer_id, version) values (?, ?)
      on conflict (customer_id) do update
         set version = excluded.version, missed_at = excluded.missed_at
       where mine.version < excluded.version
      """;

  private final JdbcClient jdbc;
  private final int count;
  private final ToIntFunction<CustomerId> laneOf;

  /** What is not written yet: all lanes are heard of in one moment, and one statement is enough. */
  private final Map<Integer, Instant> unwritten = new ConcurrentHashMap<>();

  private final Lock writing = new ReentrantLock();

  /**
   * @param count how many lanes there are, from 0 on
   * @param laneOf which one a customer's changes go through
   */
  public CopyLanes(JdbcClient jdbc, int count, ToIntFunction<CustomerId> laneOf) {
    this.jdbc = jdbc;
    this.count = count;
    this.laneOf = laneOf;
  }

  /** The lane through which all changes of a customer's limit come. */
  public int laneOf(CustomerId customer) {
    return laneOf.applyAsInt(customer);
  }

  /**
   * Notes that the copy has everything of the lane that was committed by then. The last word
   * counts, also an earlier time: an owner whose clock was set back must not leave a time that
   * lies.
   *
   * <p>Not promised: that it is written on return. Whoever writes at that moment takes it with him,
   * and if he cannot, so does the next one who is heard of; until then the copy passes for older
   * than it is.
   */
  public void heard(int lane, Instant asOf) {
    unwritten.put(lane, asOf);
    while (!unwritten.isEmpty() && writing.tryLock()) {
      try {
        write(new TreeMap<>(unwritten));
      } finally {
        writing.unlock();
      }
    }
  }

  private void write(Map<Integer, Instant> stamps) {
    jdbc.sql(HEARD)
        .params(
            stamps.keySet().toArray(Integer[]::new),
            stamps.values().stream().map(Instant::toString).toArray(String[]::new))
        .update();
    stamps.forEach(unwritten::remove);
  }

  /** Notes that this version of the customer's limit could not be taken. */
  public void missed(CustomerId customer, long version) {
    jdbc.sql(MISSED).params(customer.value(), version).update();
  }

  /** The age of the copy is that of its oldest lane; empty while one has never been heard of. */
  public Optional<Duration> age() {
    return ageOf(lanes());
  }

  /** As {@link #age()}, of lanes that were looked at before. */
  public static Optional<Duration> ageOf(List<Lane> lanes) {
    var oldest = Duration.ZERO;
    for (var lane : lanes) {
      var age = lane.age();
      if (age == null) {
        return Optional.empty();
      }
      oldest = age.compareTo(oldest) > 0 ? age : oldest;
    }
    return Optional.of(oldest);
  }

  /** All lanes, 0 first. */
  public List<Lane> lanes() {
    return jdbc.sql(
            """
            select lane, extract(epoch from clock_timestamp() - as_of) * 1000 as age_millis
              from generate_series(0, ? - 1) lane left join copy_lane using (lane)
             order by lane
            """)
        .param(count)
        .query(
            (row, number) ->
                new Lane(row.getInt("lane"), atLeastZero(row.getBigDecimal("age_millis"))))
        .list();
  }

  /** The owner's clock may be ahead. */
  private static @Nullable Duration atLeastZero(@Nullable BigDecimal millis) {
    return millis == null ? null : Duration.ofMillis(Math.max(0, millis.longValue()));
  }
}
