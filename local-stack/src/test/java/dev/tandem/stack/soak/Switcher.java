package dev.tandem.stack.soak;

import dev.tandem.stack.StackException;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Changes the mode again and again, through all of them. */
final class Switcher {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final RunningShop shop;
  private final List<String> modes;

  /**
   * @param modes in their order; none, and the mode stays as it is
   */
  Switcher(RunningShop shop, List<String> modes) {
    this.shop = shop;
    this.modes = modes;
  }

  /**
   * Goes on until it is stopped. A switch may be refused, while customer-service is away or
   * something is in doubt or open; the next one is tried in its time.
   *
   * @return how often it changed to each mode, and how often it was refused
   */
  Map<String, Integer> goOn(CountDownLatch stopped) throws InterruptedException {
    var done = new TreeMap<String, Integer>();
    for (int i = 0;
        !modes.isEmpty() && !stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
        i++) {
      var mode = modes.get(i % modes.size());
      try {
        shop.stack().switchTo(mode, "the soak");
        done.merge("switched to " + mode, 1, Integer::sum);
      } catch (StackException refused) {
        System.out.println("switch refused: " + refused.getMessage());
        done.merge("not switched to " + mode, 1, Integer::sum);
      }
    }
    return done;
  }
}
