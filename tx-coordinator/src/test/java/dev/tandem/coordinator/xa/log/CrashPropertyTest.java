package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.CLOCK;
import static dev.tandem.coordinator.xa.log.Given.decision;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of a log, each with several crashes and restarts. The seed is printed; {@code
 * -Dtandem.seed=…} repeats it.
 */
class CrashPropertyTest {

  private static final int LIVES = 25;
  private static final int CRASHES = 8;

  @TempDir Path temp;

  /** What must, and what may, be found. */
  private static final class Expected {
    final Set<Decision> certain = ConcurrentHashMap.newKeySet();
    final Set<Decision> possible = ConcurrentHashMap.newKeySet();
  }

  @Test
  void everyAnsweredDecisionOutlivesEveryCrashAndNoOtherIsInvented() throws Exception {
    long seed = Long.getLong("tandem.seed", System.nanoTime());
    System.out.println("CrashPropertyTest seed " + seed);
    int crashes = 0;
    for (int life = 0; life < LIVES; life++) {
      crashes += live(temp.resolve("life-" + life), new Random(seed + life), seed);
    }
    assertThat(crashes).as("crashes that took place").isGreaterThan(LIVES);
  }

  private static int live(Path home, Random random, long seed) throws Exception {
    Files.createDirectories(home);
    var settings = new LogSettings(16384 * (1 + random.nextInt(3)));
    var expected = new Expected();
    var numbers = new int[1];
    int crashes = 0;
    for (int run = 0; run < CRASHES; run++) {
      var disk = new SimulatedDisk(home.resolve("attic-" + run));
      run(home.resolve("log"), settings, disk, random, expected, numbers);
      crashes += disk.failed() ? 1 : 0;
      check(home.resolve("log"), settings, expected, "seed " + seed + ", " + home);
    }
    return crashes;
  }

  private static void run(
      Path folder,
      LogSettings settings,
      SimulatedDisk disk,
      Random random,
      Expected expected,
      int[] numbers)
      throws Exception {
    boolean duringOpen = random.nextInt(4) == 0;
    if (duringOpen) {
      disk.failAfter(1 + random.nextInt(20));
    }
    try (var log = DecisionLog.open(folder, settings, CLOCK, new Halted(), disk)) {
      if (!duringOpen) {
        disk.failAfter(1 + random.nextInt(150));
      }
      for (int step = 0; step < 60 && !disk.failed(); step++) {
        step(log, random, expected, numbers);
      }
      disk.crash(random);
    } catch (LogUnusable refused) {
      disk.crash(random);
    }
  }

  private static void step(DecisionLog log, Random random, Expected expected, int[] numbers)
      throws InterruptedException {
    if (random.nextInt(3) == 0) {
      expected.certain.stream()
          .findAny()
          .ifPresent(
              decision -> {
                expected.certain.remove(decision);
                expected.possible.add(decision);
                endQuietly(log, decision);
              });
      return;
    }
    var callers = new ArrayList<Thread>();
    for (int i = 1 + random.nextInt(random.nextBoolean() ? 1 : 40); i > 0; i--) {
      var decision = decision(numbers[0]++);
      expected.possible.add(decision);
      var caller = new Thread(() -> decideQuietly(log, decision, expected));
      callers.add(caller);
      caller.start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private static void endQuietly(DecisionLog log, Decision decision) {
    try {
      log.end(decision.transaction());
    } catch (Error crashed) {
      assertThat(crashed).isExactlyInstanceOf(Error.class);
    }
  }

  private static void decideQuietly(DecisionLog log, Decision decision, Expected expected) {
    try {
      log.decide(decision);
      expected.certain.add(decision);
    } catch (Error crashed) {
      assertThat(crashed).isExactlyInstanceOf(Error.class);
    }
  }

  /**
   * What is found now is certain from now on: it was forced again; what is missing never returns.
   */
  private static void check(Path folder, LogSettings settings, Expected expected, String where)
      throws IOException {
    try (var log = Given.log(folder, settings)) {
      var found = new HashSet<>(log.undelivered());
      var missing = new ArrayList<>(expected.certain);
      missing.removeAll(found);
      var invented = new ArrayList<>(found);
      invented.removeAll(expected.possible);
      assertThat(missing).as("missing, " + where).isEmpty();
      assertThat(List.copyOf(invented)).as("invented, " + where).isEmpty();
      expected.certain.clear();
      expected.certain.addAll(found);
      expected.possible.clear();
      expected.possible.addAll(found);
    }
  }
}
