package dev.tandem.mode.event;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The pauses between attempts, each twice as long as the one before, up to a second. Those of the
 * consumers all end at once when the service stops.
 */
final class Pauses {

  /** The one after the first attempt. */
  static final Duration FIRST = Duration.ofMillis(50);

  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** The service stops: whatever is in hand goes back to the broker. */
  static final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the service stops", null, false, false);
    }
  }

  private final CountDownLatch end = new CountDownLatch(1);

  /** The pause after another attempt that failed. */
  static Duration after(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }

  /**
   * @throws Stopped if the service stops meanwhile
   */
  void pause(Duration atMost) {
    if (ends(atMost)) {
      throw new Stopped();
    }
  }

  /** Pauses, and tells whether the service stops. */
  boolean ends(Duration atMost) {
    try {
      return end.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void end() {
    end.countDown();
  }
}
