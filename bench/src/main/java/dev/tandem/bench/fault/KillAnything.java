package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills one part, now and then two, lets them stay away for a moment, starts them again, and so on.
 * Which and how long is drawn from a seed.
 */
record KillAnything(Stack stack, long seed) implements Fault {
  private static final int SHORTEST_PEACE_MILLIS = 500;
  private static final int LONGEST_PEACE_MILLIS = 4_000;
  private static final int LONGEST_ABSENCE_MILLIS = 3_000;
  private static final int ONE_OF_WITH_TWO = 4;

  @Override
  public String name() {
    return "kill-anything";
  }

  @Override
  public String part() {
    return "any";
  }

  @Override
  public Healing strike() {
    var killer = new Killer(stack, new Random(seed));
    killer.start();
    return killer;
  }

  private static final class Killer extends Thread implements Healing {
    private final Stack stack;
    private final Random random;
    private final Map<String, Integer> kills = new TreeMap<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private volatile @Nullable RuntimeException failure;

    Killer(Stack stack, Random random) {
      super("kill-anything");
      this.stack = stack;
      this.random = random;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        do {
          killAndStart();
        } while (!passes(SHORTEST_PEACE_MILLIS, LONGEST_PEACE_MILLIS));
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    private void killAndStart() {
      var victims = victims();
      victims.forEach(stack::kill);
      victims.forEach(victim -> kills.merge(victim, 1, Integer::sum));
      passes(0, LONGEST_ABSENCE_MILLIS);
      // A service without its database is not healthy, and its start would wait in vain.
      victims.sort(Comparator.comparingInt(Stack.partNames()::indexOf));
      victims.forEach(victim -> Processes.start(stack, victim));
    }

    private List<String> victims() {
      var all = new ArrayList<>(Stack.partNames());
      Collections.shuffle(all, random);
      return new ArrayList<>(all.subList(0, random.nextInt(ONE_OF_WITH_TWO) == 0 ? 2 : 1));
    }

    /** Whether it was enough meanwhile. */
    private boolean passes(int shortest, int longest) {
      try {
        return enough.await(random.nextInt(shortest, longest), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }

    @Override
    public void close() {
      enough.countDown();
      try {
        join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var failed = failure;
      if (failed != null) {
        throw failed;
      }
    }

    @Override
    public String evidence() {
      return kills.isEmpty() ? "" : "killed: " + kills;
    }
  }
}
