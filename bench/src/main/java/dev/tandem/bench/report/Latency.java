package dev.tandem.bench.report;

import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * How long answers took, in milliseconds, to three digits; all 0 where there were none.
 *
 * @param count answers
 */
record Latency(long count, double p50, double p90, double p99, double max) {
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  static Latency ofNanos(LongStream nanos) {
    var histogram = new Histogram(DIGITS);
    nanos.forEach(value -> histogram.recordValue(Math.max(0, value)));
    return new Latency(
        histogram.getTotalCount(),
        at(histogram, 50),
        at(histogram, 90),
        at(histogram, 99),
        at(histogram, 100));
  }

  private static double at(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? 0
        : histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
