package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the log can do here, beside what the disk can: {@code -Pfigures -Dtest=DecisionLogFigures}.
 */
@Tag("figures")
class DecisionLogFigures {

  private static final long RUN_NANOS = 3_000_000_000L;
  private static final int ROUNDS = 3;

  @TempDir Path temp;

  @Test
  void decisionsPerSecondAndForcesPerDecision() throws Exception {
    measure(temp.resolve("warm-up"), 8);
    System.out.printf(
        "%-10s %12s %12s %14s %12s%n", "", "per second", "forces/s", "forces each", "µs each");
    for (int round = 1; round <= ROUNDS; round++) {
      printBareForces(round);
      for (int threads : new int[] {1, 8, 32}) {
        print(
            round + ": " + threads, threads, measure(temp.resolve(round + "-" + threads), threads));
      }
    }
  }

  private record Result(long decisions, long forces, double seconds) {}

  private static void print(String name, int threads, Result result) {
    double rate = result.decisions / result.seconds;
    System.out.printf(
        "%-10s %12.0f %12.0f %14.3f %12.0f%n",
        name,
        rate,
        result.forces / result.seconds,
        (double) result.forces / result.decisions,
        threads * 1e6 / rate);
  }

  private static Result measure(Path folder, int threads) throws Exception {
    try (var log = log(folder)) {
      var number = new AtomicInteger();
      long start = System.nanoTime();
      var callers = new ArrayList<Thread>();
      for (int i = 0; i < threads; i++) {
        var caller = new Thread(() -> decideUntil(start + RUN_NANOS, log, number));
        callers.add(caller);
        caller.start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat(log.undelivered()).isEmpty();
      return new Result(number.get(), log.figures().forces(), seconds);
    }
  }

  private static void decideUntil(long end, DecisionLog log, AtomicInteger number) {
    while (System.nanoTime() < end) {
      var decision = decision(number.incrementAndGet());
      log.decide(decision);
      log.end(decision.transaction());
    }
  }

  /**
   * The same block written and forced by one thread with nothing around it: the disk's own limit.
   */
  private void printBareForces(int round) throws Exception {
    var block = ByteBuffer.allocateDirect(Group.BLOCK);
    try (var channel =
        FileChannel.open(
            temp.resolve("bare-" + round), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int blocks = 2048;
      for (int i = 0; i < blocks; i++) {
        channel.write(block.clear(), (long) i * Group.BLOCK);
      }
      channel.force(true);
      long start = System.nanoTime();
      long forces = 0;
      for (; System.nanoTime() < start + RUN_NANOS; forces++) {
        channel.write(block.clear(), (forces % blocks) * Group.BLOCK);
        channel.force(false);
      }
      print(round + ": bare", 1, new Result(forces, forces, (System.nanoTime() - start) / 1e9));
    }
  }
}
