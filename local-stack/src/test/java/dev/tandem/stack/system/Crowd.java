package dev.tandem.stack.system;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Clients that each do their thing again and again, and remember every answer. */
final class Crowd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean go = new AtomicBoolean(true);
  private final ExecutorService threads;
  private final List<Future<?>> clients = new ArrayList<>();

  Crowd(List<Callable<Answer>> steps) {
    threads = Executors.newFixedThreadPool(steps.size());
    for (var step : steps) {
      clients.add(threads.submit(() -> goOn(step)));
    }
  }

  /** All of these at the same time, each once. */
  static List<Answer> atOnce(List<Callable<Answer>> calls) throws Exception {
    var threads = Executors.newFixedThreadPool(calls.size());
    try {
      var answers = new ArrayList<Answer>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private Void goOn(Callable<Answer> step) throws Exception {
    while (go.get()) {
      answers.add(step.call());
    }
    return null;
  }

  /** Returns when so many more answers have come. */
  void awaitAnswers(int more) {
    int wanted = answers.size() + more;
    await("answers").atMost(PATIENCE).until(() -> answers.size() >= wanted || !allGoOn());
  }

  /** Lets them go on for so long. */
  void goOnFor(Duration time) {
    await("the end of the crowd's time")
        .pollDelay(time)
        .atMost(time.plus(PATIENCE))
        .until(() -> true);
  }

  /** Everything that was answered, once the last of them has its answer. */
  List<Answer> stop() throws ExecutionException, InterruptedException {
    go.set(false);
    for (var client : clients) {
      client.get();
    }
    return List.copyOf(answers);
  }

  private boolean allGoOn() {
    return clients.stream().noneMatch(Future::isDone);
  }

  @Override
  public void close() throws InterruptedException {
    go.set(false);
    threads.shutdownNow();
    threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
