package dev.tandem.bench.fault;

import dev.tandem.stack.StackException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A fault that goes on by itself, again and again, until its end. Its end says what went wrong. */
abstract class Repeating extends Thread implements Healing {
  private final CountDownLatch enough = new CountDownLatch(1);
  private volatile @Nullable Exception failure;

  Repeating(String name) {
    super(name);
    setDaemon(true);
  }

  /** Does it until {@link #isEnoughWithin} says that it is enough. */
  abstract void repeat() throws Exception;

  /** Takes away what is left of it, also when it could not go on. */
  void heal() {}

  /** Lets that time pass, unless the end comes first; true if it has come. */
  final boolean isEnoughWithin(long millis) throws InterruptedException {
    return enough.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public final void run() {
    try {
      repeat();
    } catch (Exception e) {
      failure = e;
    }
  }

  @Override
  public final void close() {
    enough.countDown();
    try {
      join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heal();
    var failed = failure;
    if (failed != null) {
      throw new StackException(getName() + " could not go on: " + failed.getMessage(), failed);
    }
  }
}
