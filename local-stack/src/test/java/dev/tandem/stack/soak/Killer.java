package dev.tandem.stack.soak;

import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Kills one or two of the parts at random moments (kill -9), and starts them again. */
final class Killer {
  private static final int SHORTEST_PEACE_MILLIS = 1_000;
  private static final int LONGEST_PEACE_MILLIS = 6_000;
  private static final int LONGEST_ABSENCE_MILLIS = 3_000;

  private final RunningShop shop;
  private final List<String> all;
  private final Random random;
  private final Map<String, Integer> kills = new TreeMap<>();

  Killer(RunningShop shop, List<String> all, Random random) {
    this.shop = shop;
    this.all = all;
    this.random = random;
  }

  /**
   * Goes on for so long, or until it is stopped, and leaves everything running.
   *
   * @return how often each part was killed
   */
  Map<String, Integer> killFor(Duration time, CountDownLatch stopped) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    while (!waits(SHORTEST_PEACE_MILLIS, LONGEST_PEACE_MILLIS, stopped)
        && System.nanoTime() < until) {
      var victims = victims();
      victims.forEach(this::kill);
      waits(0, LONGEST_ABSENCE_MILLIS, stopped);
      Collections.shuffle(victims, random);
      victims.forEach(shop::start);
    }
    return kills;
  }

  private boolean waits(int shortest, int longest, CountDownLatch stopped)
      throws InterruptedException {
    return stopped.await(random.nextInt(shortest, longest), TimeUnit.MILLISECONDS);
  }

  private List<String> victims() {
    var victims = new ArrayList<>(all);
    Collections.shuffle(victims, random);
    return new ArrayList<>(victims.subList(0, random.nextInt(4) == 0 ? 2 : 1));
  }

  private void kill(String service) {
    shop.stack().kill(service);
    kills.merge(service, 1, Integer::sum);
  }
}
