package dev.tandem.stack.demo;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Clients that change limits one after the other, and remember every answer. */
final class Attempts implements AutoCloseable {

  /** Less than the answer's Retry-After asks for, so that the story has something to show. */
  private static final Duration AFTER_503 = Duration.ofMillis(200);

  private final ShopClient shop;
  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch warm = new CountDownLatch(20);
  private final ExecutorService clients;

  Attempts(ShopClient shop, List<String> customers) {
    this.shop = shop;
    this.clients = Executors.newFixedThreadPool(customers.size());
    customers.forEach(customer -> clients.execute(() -> changeAgainAndAgain(customer)));
  }

  private void changeAgainAndAgain(String customer) {
    for (int amount = 1_000; isGoing(Duration.ZERO); amount++) {
      var now = shop.customer(customer);
      var answer = shop.changeLimit(customer, now.version(), amount + ".00", null);
      answers.add(answer);
      warm.countDown();
      if (answer.status() == 503 && !isGoing(AFTER_503)) {
        return;
      }
    }
  }

  private boolean isGoing(Duration pause) {
    try {
      return !stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns when changes flow: the first ones of a mode are slow, and show nothing. */
  void awaitFlow() throws InterruptedException {
    if (!warm.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no change was answered within 30 s");
    }
  }

  List<Answer> stop() throws InterruptedException {
    stopped.countDown();
    clients.shutdown();
    if (!clients.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a client did not get its answer within 30 s");
    }
    return List.copyOf(answers);
  }

  /** How often which answer came, and how long the slowest of its kind took. */
  static Map<String, String> table(List<Answer> answers) {
    var table = new TreeMap<String, String>();
    for (var kind : answers.stream().map(Answer::inWords).distinct().toList()) {
      var same = answers.stream().filter(answer -> answer.inWords().equals(kind)).toList();
      var slowest =
          same.stream().map(Answer::took).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
      table.put(kind, "%5d times, at most %4d ms".formatted(same.size(), slowest.toMillis()));
    }
    return table;
  }

  @Override
  public void close() {
    stopped.countDown();
    clients.shutdownNow();
  }
}
