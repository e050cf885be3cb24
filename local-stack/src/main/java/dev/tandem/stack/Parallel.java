package dev.tandem.stack;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

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

  static <T> CompletableFuture<T> later(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, THREADS);
  }

  static <T, R> List<R> map(List<T> all, Function<T, R> question) {
    var answers = all.stream().map(one -> later(() -> question.apply(one))).toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
