package dev.tandem.stack.figures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Load until the rate does not climb any more: what the compilers of five JVMs still have to do
 * would else be counted as the mode's.
 */
final class WarmUp {
  private static final Duration SLICE = Duration.ofSeconds(5);
  private static final int CLIENTS = 8;

  /** So many slices are looked at together, because one alone is noise. */
  private static final int GROUP = 3;

  private static final double CLIMBS = 1.03;
  private static final int AT_LEAST = 12;
  private static final int AT_MOST =
      Integer.getInteger("tandem.figures.warm-up-seconds", 150) / (int) SLICE.toSeconds();

  private final Shop shop;

  WarmUp(Shop shop) {
    this.shop = shop;
  }

  /** The rates that it saw, in words. */
  String run() throws Exception {
    var rates = new ArrayList<Double>();
    while (rates.size() < AT_MOST && climbs(rates)) {
      rates.add(ModeFiguresIT.loop(shop, CLIENTS).run(SLICE).perSecond());
    }
    return "%d s, changes/s %s%s"
        .formatted(
            rates.size() * SLICE.toSeconds(),
            rates.stream().map(Math::round).toList(),
            climbs(rates) ? ", still climbing" : "");
  }

  private static boolean climbs(List<Double> rates) {
    int seen = rates.size();
    return seen < AT_LEAST
        || mean(rates.subList(seen - GROUP, seen))
            > CLIMBS * mean(rates.subList(seen - 2 * GROUP, seen - GROUP));
  }

  private static double mean(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
