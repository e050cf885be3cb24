package dev.tandem.stack.figures;

import java.time.Duration;
import java.util.ArrayList;

/**
 * The same number of changes for every mode before it is measured: what the compilers of five JVMs
 * still have to do would else be counted as the mode's, and mostly as the slower ones'.
 */
final class WarmUp {
  private static final int CHANGES = Integer.getInteger("tandem.figures.warm-up-changes", 60_000);
  private static final Duration SLICE = Duration.ofSeconds(10);
  private static final int CLIENTS = 8;

  private final Shop shop;

  WarmUp(Shop shop) {
    this.shop = shop;
  }

  /** The rates that it saw, in words. */
  String run() throws Exception {
    var rates = new ArrayList<Long>();
    long changes = 0;
    while (changes < CHANGES) {
      var window = ModeFiguresIT.loop(shop, CLIENTS).run(SLICE);
      if (window.changes() == 0) {
        throw new IllegalStateException(shop.mode + " carries nothing out: " + window.failures());
      }
      changes += window.changes();
      rates.add(Math.round(window.perSecond()));
    }
    return "%d changes in %d s, changes/s %s"
        .formatted(changes, rates.size() * SLICE.toSeconds(), rates);
  }
}
