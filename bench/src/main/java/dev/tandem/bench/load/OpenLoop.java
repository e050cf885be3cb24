package dev.tandem.bench.load;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends each step when it is due, whether or not the ones before have been answered: as customers
 * come, who do not wait for each other. So a server that stands still is seen in the latency of
 * every call that was due meanwhile, and not only in that of one.
 */
public final class OpenLoop implements AutoCloseable {
  private static final long LONGEST_PARK = TimeUnit.MILLISECONDS.toNanos(50);

  private final Caller caller;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(work -> daemon(work, "open-loop"));
  private final Phaser underWay = new Phaser(1);

  public OpenLoop(Caller caller) {
    this.caller = caller;
  }

  /** Sends what is due within that time, and returns when the time is over. */
  public void run(Arm arm, Place place, Iterator<Step> script, Duration length) {
    long now = caller.clock().now();
    send(arm, place, script, now, new Limit(now + length.toNanos()));
  }

  /** Sends until it is told to stop. */
  public Running begin(Arm arm, Place place, Iterator<Step> script) {
    var limit = new Limit(Long.MAX_VALUE);
    long now = caller.clock().now();
    var sender = daemon(() -> send(arm, place, script, now, limit), "open-loop-schedule");
    sender.start();
    return () -> {
      limit.end = caller.clock().now();
      LockSupport.unpark(sender);
      join(sender);
    };
  }

  /** Returns when every call that was sent has its answer, or has been given up by its client. */
  public void awaitAnswers() {
    underWay.arriveAndAwaitAdvance();
  }

  /** Ends when every call has its answer: what a call did without one, nobody could account for. */
  @Override
  public void close() {
    awaitAnswers();
    threads.shutdown();
  }

  /** A load that goes on. */
  @FunctionalInterface
  public interface Running extends AutoCloseable {
    /** Sends nothing any more. */
    @Override
    void close();
  }

  private void send(Arm arm, Place place, Iterator<Step> script, long began, Limit limit) {
    while (!Thread.currentThread().isInterrupted()) {
      var step = script.next();
      long due = began + step.due();
      if (!waitUntil(due, limit)) {
        return;
      }
      underWay.register();
      threads.execute(() -> make(arm, place, step, due));
    }
  }

  private void make(Arm arm, Place place, Step step, long due) {
    try {
      caller.make(arm, place, step, due);
    } finally {
      underWay.arriveAndDeregister();
    }
  }

  /** False when the end comes first. */
  private boolean waitUntil(long due, Limit limit) {
    var clock = caller.clock();
    while (clock.until(due) > 0 && clock.until(limit.end) > 0) {
      long first = Math.min(clock.until(due), clock.until(limit.end));
      LockSupport.parkNanos(Math.min(first, LONGEST_PARK));
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
    }
    return due < limit.end;
  }

  private static final class Limit {
    private volatile long end;

    Limit(long end) {
      this.end = end;
    }
  }

  static Thread daemon(Runnable work, String name) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
