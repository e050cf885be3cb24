package dev.tandem.bench.load;

import java.time.Duration;
import java.util.ArrayList;

/**
 * Each client sends its next step when the one before is answered: shows how much goes through, and
 * nothing about how long people wait, because a slow answer holds the load back.
 */
public final class ClosedLoop {
  private final Caller caller;

  public ClosedLoop(Caller caller) {
    this.caller = caller;
  }

  /** Returns when the time is over and the last answers have come. */
  public void run(Arm arm, Place place, Shape shape, Script script, Duration length) {
    long end = caller.clock().now() + length.toNanos();
    var threads = new ArrayList<Thread>();
    for (int client = 0; client < shape.clients(); client++) {
      var steps = script.of(client);
      threads.add(
          OpenLoop.daemon(
              () -> {
                while (caller.clock().now() < end && !Thread.currentThread().isInterrupted()) {
                  caller.make(arm, place, steps.next(), caller.clock().now());
                }
              },
              "closed-loop"));
    }
    threads.forEach(Thread::start);
    threads.forEach(OpenLoop::join);
  }
}
