package dev.tandem.order;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Does things at the same time. */
final class Together {

  private Together() {}

  /** The same thing so many times at once. */
  static <T> List<T> times(int times, Callable<T> task) {
    return run(Collections.nCopies(times, task));
  }

  /** Starts all at one moment, each in a thread of its own, and waits for all results. */
  static <T> List<T> run(List<Callable<T>> tasks) {
    var pool = Executors.newFixedThreadPool(tasks.size());
    var start = new CyclicBarrier(tasks.size());
    try {
      var futures =
          tasks.stream()
              .map(
                  task ->
                      pool.submit(
                          () -> {
                            start.await(10, TimeUnit.SECONDS);
                            return task.call();
                          }))
              .toList();
      var results = new java.util.ArrayList<T>();
      for (var future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException | InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdownNow();
    }
  }
}
