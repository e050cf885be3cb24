package dev.tandem.stack.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the copy is behind its owner in the mode {@code event}: from the writing of the change
 * row there to the writing of the change row here. Both are taken a moment before their commit, by
 * the clock of one machine.
 */
@Tag("figures")
class LagFiguresIT {
  private static final int PER_SECOND = 200;
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("tandem.figures.window-seconds", 60));

  @Test
  void theCopyBehindItsOwner(@TempDir Path folder) throws Exception {
    try (var shop = new Shop("event", folder)) {
      var warm = new WarmUp(shop).run();
      var load = new SteadyLoad(shop.customerService(), List.copyOf(shop.versions().keySet()));
      var before = written(shop, "customer-db").keySet();
      long failed = load.run(PER_SECOND, LENGTH);
      var owner = written(shop, "customer-db");
      owner.keySet().removeAll(before);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> written(shop, "order-db").keySet().containsAll(owner.keySet()));
      var report = report(warm, failed, owner, written(shop, "order-db"));
      System.out.print(report);
      Files.writeString(Path.of("target", "lag-figures.md"), report);
      assertThat(failed).as("changes that failed").isZero();
    }
  }

  private static String report(
      String warm, long failed, Map<String, Long> owner, Map<String, Long> copy) {
    var micros = new Histogram(3);
    owner.forEach((change, at) -> micros.recordValue(Math.max(0, copy.get(change) - at)));
    return String.format(
        Locale.ROOT,
        "event, %d changes/s for %d s: %d changes, %d failed; copy behind its owner:"
            + " p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms (warm-up: %s)%n",
        PER_SECOND,
        LENGTH.toSeconds(),
        owner.size(),
        failed,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(90) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3,
        warm);
  }

  /** When each change was written down, in microseconds. */
  private static Map<String, Long> written(Shop shop, String database) throws SQLException {
    var written = new HashMap<String, Long>();
    try (var connection = shop.connect(database);
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select change_id::text, (extract(epoch from recorded_at) * 1000000)::bigint"
                        + " from limit_change where state = 'applied'")) {
      while (rows.next()) {
        written.put(rows.getString(1), rows.getLong(2));
      }
    }
    return written;
  }
}
