package dev.tandem.stack;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what the operating system announces to nobody: another's process that ends, a port that
 * opens.
 */
public final class Waiting {
  private static final Duration INTERVAL = Duration.ofMillis(25);

  private Waiting() {}

  /**
   * True as soon as the condition holds; false when the limit passed, or the thread was
   * interrupted, before it did.
   */
  public static boolean until(Duration limit, BooleanSupplier condition) {
    return until(limit, INTERVAL, condition);
  }

  static boolean until(Duration limit, Duration interval, BooleanSupplier condition) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(interval.toNanos());
    }
    return true;
  }
}
