package dev.tandem.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets only a few requests at a time work on the same thing, so that one thing that is locked for
 * long cannot take every database connection with it. The rest wait in front, holding nothing; they
 * are turned away when they have waited for too long, when too many wait, and at once when nobody
 * has passed for too long.
 *
 * <p>Not promised: any order between processes. The lock in the database still decides; this only
 * keeps the queue in front of it short.
 *
 * @param <K> what names the thing, for example a customer's id
 */
public final class Turnstile<K> {

  /** Permission to work on one thing, until it is closed. */
  @FunctionalInterface
  public interface Pass extends AutoCloseable {
    @Override
    void close();
  }

  private final ConcurrentHashMap<K, Gate> gates = new ConcurrentHashMap<>();
  private final int inside;
  private final int waiting;
  private final Duration patience;

  /**
   * A turnstile for each key.
   *
   * @param inside how many may work on the same key at a time
   * @param waiting how many more may wait for it
   * @param patience how long one waits, and for how long the gate may stand still before newcomers
   *     are turned away at once
   */
  public Turnstile(int inside, int waiting, Duration patience) {
    this.inside = inside;
    this.waiting = waiting;
    this.patience = patience;
  }

  /**
   * Waits for a place.
   *
   * @return the pass, to be closed after the work; empty if there was no place in time
   */
  public Optional<Pass> enter(K key) {
    var gate = gates.compute(key, (same, known) -> (known == null ? new Gate() : known).join());
    if (gate.overcrowded() || gate.standsStill() || !gate.opens()) {
      leave(key);
      return Optional.empty();
    }
    return Optional.of(
        () -> {
          gate.free();
          leave(key);
        });
  }

  /** How many things somebody works on or waits for. */
  public int busy() {
    return gates.size();
  }

  /** How many wait for a place at this key. */
  int waitingFor(K key) {
    var gate = gates.get(key);
    return gate == null ? 0 : gate.places.getQueueLength();
  }

  private void leave(K key) {
    gates.computeIfPresent(key, (same, gate) -> gate.leave());
  }

  private final class Gate {

    private final Semaphore places = new Semaphore(inside, true);
    private final AtomicInteger users = new AtomicInteger();
    private volatile long movedAt = System.nanoTime();

    Gate join() {
      users.incrementAndGet();
      return this;
    }

    @Nullable Gate leave() {
      return users.decrementAndGet() == 0 ? null : this;
    }

    boolean overcrowded() {
      return users.get() > inside + waiting;
    }

    boolean standsStill() {
      return places.availablePermits() == 0 && System.nanoTime() - movedAt > patience.toNanos();
    }

    boolean opens() {
      try {
        boolean opened = places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        movedAt = opened ? System.nanoTime() : movedAt;
        return opened;
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    void free() {
      movedAt = System.nanoTime();
      places.release();
    }
  }
}
