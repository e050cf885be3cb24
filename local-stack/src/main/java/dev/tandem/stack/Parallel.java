package dev.tandem.stack;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the same for all parts at once; they are few, and each mostly waits. */
final class Parallel {
  static final Executor THREADS =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work, "part");
            thread.setDaemon(true);
            return thread;
          });

  private Parallel() {}

  static <T> void each(List<T> all, Consumer<T> action) {
    map(
        all,
        one -> {
          action.accept(one);
          return one;
        });
  }

  static <T, R> List<R> map(List<T> all, Function<T, R> question) {
    var answers =
        all.stream()
            .map(one -> CompletableFuture.supplyAsync(() -> question.apply(one), THREADS))
            .toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
