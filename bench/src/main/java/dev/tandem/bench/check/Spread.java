package dev.tandem.bench.check;

import java.util.Collection;

/** How values are spread; all 0 where there are none. */
public record Spread(long count, double p50, double p99, double max) {

  static Spread of(Collection<? extends Number> values) {
    var sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    return sorted.length == 0
        ? new Spread(0, 0, 0, 0)
        : new Spread(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  /** The smallest value that this part of all is not above. */
  private static double at(double[] sorted, double part) {
    return sorted[(int) Math.ceil(part * sorted.length) - 1];
  }
}
