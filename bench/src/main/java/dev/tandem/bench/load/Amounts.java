package dev.tandem.bench.load;

import dev.tandem.bench.load.Shape.Range;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws amounts with two decimals. */
final class Amounts {
  private static final int STEPS_DOWN = 10;
  private static final int CENTS = 100;

  private final Shape shape;
  private final SplittableRandom random;
  private final Map<Integer, Integer> changes = new HashMap<>();

  Amounts(Shape shape, SplittableRandom random) {
    this.shape = shape;
    this.random = random;
  }

  String order() {
    return any(shape.order());
  }

  String limit(int customer) {
    return switch (shape.limits()) {
      case ANY -> any(shape.limit());
      case FALLING -> falling(changes.merge(customer, 1, Integer::sum) - 1);
    };
  }

  private String falling(int change) {
    var range = shape.limit();
    int down = (range.to() - range.from()) * (change % STEPS_DOWN) / (STEPS_DOWN - 1);
    return range.to() - down + ".00";
  }

  private String any(Range range) {
    int whole = range.from() + random.nextInt(range.to() - range.from() + 1);
    int cents = random.nextInt(CENTS);
    return "%d.%02d".formatted(whole, whole == range.to() ? 0 : cents);
  }
}
