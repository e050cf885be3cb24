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

  List<String> modes() {
    return modes;
  }

  /** What {@link #goOn} calls it when this mode was put in force. */
  static String success(String mode) {
    return "switched to " + mode;
  }

  /**
   * Goes on until it is stopped. A switch may be refused, while customer-service is away or
   * something is in doubt or open; it is tried again in its time.
   *
   * @return how often it changed to each mode, and how often it was refused
   */
  Map<String, Integer> goOn(CountDownLatch stopped) throws InterruptedException {
    var done = new TreeMap<String, Integer>();
    int next = 0;
    while (!modes.isEmpty() && !stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      var mode = modes.get(next % modes.size());
      try {
        shop.stack().switchTo(mode, "the soak");
        done.merge(success(mode), 1, Integer::sum);
        next++;
      } catch (StackException refused) {
        System.out.println("switch refused: " + refused.getMessage());
        done.merge("not switched to " + mode, 1, Integer::sum);
      }
    }
    return done;
  }
}
