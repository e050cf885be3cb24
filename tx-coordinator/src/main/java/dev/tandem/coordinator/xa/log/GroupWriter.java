package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the files. What was submitted while it forced one group is the next
 * group. Callers only wait: an interrupt reaches neither this thread nor its channel.
 */
final class GroupWriter extends Thread {

  /** A record on its way to the disk. */
  private static final class Entry {
    final LogRecord fact;
    final byte[] body;
    final Thread caller = Thread.currentThread();
    volatile boolean forced;

    Entry(LogRecord fact) {
      this.fact = fact;
      this.body = LogRecord.encode(fact);
    }
  }

  /** For so long at most a record waits for another one that must be forced. */
  private static final Duration IDLE = Duration.ofMillis(200);

  private final SegmentChain segments;
  private final LogState state;
  private final Halt halt;
  private final String name;

  private final Object queue = new Object();
  private List<Entry> pending = new ArrayList<>(); // guarded by queue
  private boolean urgent; // guarded by queue
  private boolean closing; // guarded by queue
  private boolean parked; // guarded by queue
  private volatile @Nullable Throwable failure;

  GroupWriter(SegmentChain segments, LogState state, Halt halt, String name) {
    super("decision-log");
    setDaemon(true);
    this.segments = segments;
    this.state = state;
    this.halt = halt;
    this.name = name;
  }

  /** Nobody interrupts this thread: that would close the channel under a decision. */
  @Override
  public void interrupt() {}

  /** Returns when the record is forced, and in no other case. */
  void force(LogRecord fact) {
    var entry = new Entry(fact);
    submit(entry, true);
    boolean interrupted = false;
    while (!entry.forced) {
      refuseAfterFailure();
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // else park would return at once for ever
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The record rides with the next group, or is written when there is none for a while. */
  void write(LogRecord fact) {
    submit(new Entry(fact), false);
  }

  private void submit(Entry entry, boolean forced) {
    boolean wake;
    synchronized (queue) {
      refuseAfterFailure();
      if (closing) {
        throw new IllegalStateException("The decision log " + name + " is closed");
      }
      pending.add(entry);
      urgent |= forced;
      wake = urgent && parked;
    }
    if (wake) {
      LockSupport.unpark(this);
    }
  }

  private void refuseAfterFailure() {
    var cause = failure;
    if (cause != null) {
      throw new Error("The decision log " + name + " has failed; this process must end", cause);
    }
  }

  /** Writes what is pending, and ends the thread. */
  void finish() throws IOException {
    synchronized (queue) {
      closing = true;
    }
    LockSupport.unpark(this);
    boolean interrupted = false;
    while (isAlive()) {
      try {
        join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      segments.abandon();
    }
  }

  @Override
  public void run() {
    List<Entry> group = List.of();
    try {
      for (group = take(); !group.isEmpty(); group = take()) {
        segments.append(group.stream().map(entry -> entry.body).toList());
        group.forEach(entry -> state.apply(entry.fact));
        group.forEach(GroupWriter::release);
      }
      segments.close();
    } catch (Throwable broken) {
      fail(broken, group);
    }
  }

  private static void release(Entry entry) {
    entry.forced = true;
    LockSupport.unpark(entry.caller);
  }

  /** How many records are not on disk yet. */
  int waiting() {
    synchronized (queue) {
      return pending.size();
    }
  }

  /**
   * Waits for something that must be forced, or has waited long enough; empty when the log is
   * closed and all is written.
   */
  private List<Entry> take() throws IOException {
    List<Entry> group = poll(false);
    if (group == null) {
      segments.seal();
      long since = System.nanoTime();
      while ((group = poll(System.nanoTime() - since >= IDLE.toNanos())) == null) {
        LockSupport.parkNanos(this, IDLE.toNanos());
      }
    }
    return group;
  }

  private @Nullable List<Entry> poll(boolean idle) {
    synchronized (queue) {
      parked = !urgent && !closing && !(idle && !pending.isEmpty());
      if (parked) {
        return null;
      }
      var group = pending;
      pending = new ArrayList<>();
      urgent = false;
      return group;
    }
  }

  /**
   * Never retried: after a failed force the system may have dropped the bytes and call them clean.
   */
  private void fail(Throwable broken, List<Entry> group) {
    try {
      halt.halt(
          "The decision log "
              + name
              + " cannot be written ("
              + broken.getMessage()
              + "). No decision may follow, so this process ends. Every decision that was answered is"
              + " on disk: cure the disk and start again.",
          broken);
    } finally {
      failure = broken;
      group.forEach(entry -> LockSupport.unpark(entry.caller));
      synchronized (queue) {
        pending.forEach(entry -> LockSupport.unpark(entry.caller));
      }
    }
  }
}
