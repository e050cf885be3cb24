package dev.tandem.coordinator.xa;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * X1: the transactions whose end is in a living thread's hands. An entry is here before its ids are
 * handed out, and leaves only when
 *
 * <ul>
 *   <li>its rollback has been sent to every branch: from then on it can never be decided; or
 *   <li>its commit has returned with every branch confirmed; or
 *   <li>its commit has returned or failed with the decision in the log: from then on recovery
 *       delivers it.
 * </ul>
 *
 * Recovery leaves alone whatever is here, and {@link Deliveries#decide} refuses whatever is not.
 * That holds however long a thread sleeps between two instructions: a process that was frozen
 * inside commit wakes with its entry still in the table, so the recovery thread, whichever wakes
 * first, neither rolls it back nor replays it.
 */
final class LiveTable {

  private final Map<String, GlobalTransaction> entries = new ConcurrentHashMap<>();

  /** Whether the id was free. */
  boolean add(GlobalTransaction transaction) {
    return entries.putIfAbsent(transaction.id(), transaction) == null;
  }

  @Nullable GlobalTransaction find(String id) {
    return entries.get(id);
  }

  boolean has(String id) {
    return entries.containsKey(id);
  }

  Collection<GlobalTransaction> all() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  void remove(GlobalTransaction transaction) {
    entries.remove(transaction.id(), transaction);
    if (entries.isEmpty()) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Waits until no transaction is live, or until the time is over. */
  synchronized void awaitEmpty(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    for (long left = limit.toMillis();
        !entries.isEmpty() && left > 0;
        left = Duration.ofNanos(until - System.nanoTime()).toMillis()) {
      wait(left);
    }
  }
}
