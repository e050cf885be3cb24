package dev.tandem.coordinator.xa.log;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers that the process would have ended, and lets it live on. */
final class Halted implements Halt {

  private final AtomicInteger times = new AtomicInteger();
  private volatile String reason = "";

  @Override
  public void halt(String why, Throwable cause) {
    reason = why;
    times.incrementAndGet();
  }

  int times() {
    return times.get();
  }

  String reason() {
    await().atMost(Duration.ofSeconds(10)).until(() -> times.get() > 0);
    return reason;
  }
}
