package dev.tandem.bench.load;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What came of the calls of one window so far: for people who watch. */
public final class Tally {
  private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
  private final Histogram micros = new Histogram(2);

  public synchronized void add(Call call) {
    endings.merge(call.ending(), 1L, Long::sum);
    micros.recordValue(Math.max(0, (call.ended() - call.intended()) / 1_000));
  }

  public synchronized void reset() {
    endings.clear();
    micros.reset();
  }

  /** From the intended start, in milliseconds. */
  synchronized double percentile(double percent) {
    return micros.getValueAtPercentile(percent) / 1_000.0;
  }

  synchronized long count(Ending ending) {
    return endings.getOrDefault(ending, 0L);
  }

  /** Nothing while there was no call. */
  public synchronized String inWords() {
    if (endings.isEmpty()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%d ok, %d refused, %d failed, %d unknown, p50 %.0f ms, p99 %.0f ms",
        count(Ending.OK),
        count(Ending.REFUSED),
        count(Ending.FAILED),
        count(Ending.UNKNOWN),
        percentile(50),
        percentile(99));
  }
}
