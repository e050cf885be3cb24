package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

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
  public String part() {
    return "any";
  }

  @Override
  public Healing strike() {
    var killer = new Killer(stack, new Random(seed));
    killer.start();
    return killer;
  }

  private static final class Killer extends Repeating {
    private final Stack stack;
    private final Random random;
    private final Map<String, Integer> kills = new TreeMap<>();

    Killer(Stack stack, Random random) {
      super("kill-anything");
      this.stack = stack;
      this.random = random;
    }

    @Override
    void repeat() throws InterruptedException {
      do {
        killAndStart();
      } while (!isEnoughWithin(random.nextInt(SHORTEST_PEACE_MILLIS, LONGEST_PEACE_MILLIS)));
    }

    private void killAndStart() throws InterruptedException {
      var victims = victims();
      victims.forEach(stack::kill);
      victims.forEach(victim -> kills.merge(victim, 1, Integer::sum));
      isEnoughWithin(random.nextInt(LONGEST_ABSENCE_MILLIS));
      // A service without its database is not healthy, and its start would wait in vain.
      victims.sort(Comparator.comparingInt(Stack.partNames()::indexOf));
      victims.forEach(victim -> Processes.start(stack, victim));
    }

    /** Of two victims one may have been left when the other could not be started. */
    @Override
    void heal() {
      Stack.partNames().forEach(part -> Processes.start(stack, part));
    }

    private List<String> victims() {
      var all = new ArrayList<>(Stack.partNames());
      Collections.shuffle(all, random);
      return new ArrayList<>(all.subList(0, random.nextInt(ONE_OF_WITH_TWO) == 0 ? 2 : 1));
    }

    @Override
    public String evidence() {
      return kills.isEmpty() ? "" : "killed: " + kills;
    }
  }
}
