package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The changes that a request of this process works on now: nobody may ask the mode for their
 * outcome meanwhile, because the question itself would end them.
 */
@Component
class Running {

  /** Ends with the work. */
  interface Work extends AutoCloseable {
    @Override
    void close();
  }

  private final ConcurrentHashMap<ChangeId, CountDownLatch> changes = new ConcurrentHashMap<>();

  /** From now on, until it is closed, this process works on the change. */
  Work begin(ChangeId change) {
    var end = new CountDownLatch(1);
    changes.put(change, end);
    return () -> {
      changes.remove(change);
      end.countDown();
    };
  }

  boolean contains(ChangeId change) {
    return changes.containsKey(change);
  }

  /** Waits until nobody in this process works on the change, but not for longer than the limit. */
  void awaitEnd(ChangeId change, Duration limit) {
    var end = changes.get(change);
    if (end == null) {
      return;
    }
    try {
      end.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
