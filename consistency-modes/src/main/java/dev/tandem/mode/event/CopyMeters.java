package dev.tandem.mode.event;

import dev.tandem.mode.CopyLanes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/**
 * Measures how far the copy is behind: {@code tandem.event.lag} from the owner's writing of a
 * change to its commit here, {@code tandem.event.copy.age} and {@code tandem.event.dead.letters}.
 * The lag compares the clock of the owner's database with that of this process.
 */
final class CopyMeters {

  private static final double MEDIAN = 0.5;
  private static final double ALMOST_ALL = 0.99;

  /** Percentiles are of the last minutes only; a value is exact to two digits. */
  private static final Duration REMEMBERED = Duration.ofMinutes(2);

  /**
   * Of the last minutes.
   *
   * @param count since the start
   */
  record Lag(long count, double p50Millis, double p99Millis) {}

  private final Timer lag;
  private final Clock clock;

  CopyMeters(MeterRegistry meters, CopyLanes lanes, DeadLetters deadLetters, Clock clock) {
    this.clock = clock;
    this.lag =
        Timer.builder("tandem.event.lag")
            .description("From the owner's writing of a change to its commit at the copy")
            .publishPercentiles(MEDIAN, ALMOST_ALL)
            .percentilePrecision(2)
            .distributionStatisticExpiry(REMEMBERED)
            .register(meters);
    Gauge.builder("tandem.event.copy.age", lanes, CopyMeters::secondsOld)
        .description("Age of the oldest lane of the copy; NaN if nobody can say")
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("tandem.event.dead.letters", deadLetters, DeadLetters::countedLately)
        .description("Messages that could not be taken; NaN while the broker is away")
        .register(meters);
  }

  /** A change was taken for the first time. */
  void taken(Instant committedAt) {
    var behind = Duration.between(committedAt, clock.instant());
    lag.record(behind.isNegative() ? Duration.ZERO : behind);
  }

  Lag lag() {
    var now = lag.takeSnapshot();
    return new Lag(
        now.count(), at(MEDIAN, now.percentileValues()), at(ALMOST_ALL, now.percentileValues()));
  }

  private static double at(double percentile, ValueAtPercentile[] values) {
    for (var value : values) {
      if (value.percentile() == percentile) {
        return value.value(TimeUnit.MILLISECONDS);
      }
    }
    return Double.NaN;
  }

  private static double secondsOld(CopyLanes lanes) {
    try {
      return lanes.age().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN);
    } catch (DataAccessException away) {
      return Double.NaN;
    }
  }
}
