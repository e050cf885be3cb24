package dev.tandem.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TurnstileTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(30);

  @Test
  void letsOnlySoManyWorkOnTheSameKeyAtATime() {
    var turnstile = new Turnstile<String>(2, 100, LONG);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();

    var all =
        IntStream.range(0, 20)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try (var pass = turnstile.enter("one").orElseThrow()) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.yield();
                            inside.decrementAndGet();
                            return pass;
                          }
                        }))
            .toList();
    all.forEach(CompletableFuture::join);

    assertThat(most.get()).isBetween(1, 2);
    assertThat(turnstile.busy()).as("a key that nobody uses is forgotten").isZero();
  }

  @Test
  void whatIsLockedDoesNotHoldUpAnotherKey() {
    var turnstile = new Turnstile<String>(1, 0, LONG);
    try (var one = turnstile.enter("one").orElseThrow();
        var two = turnstile.enter("two").orElseThrow()) {
      assertThat(turnstile.busy()).isEqualTo(2);
    }
  }

  @Test
  void theQueueIsBounded() {
    var turnstile = new Turnstile<String>(1, 1, LONG);
    var pass = turnstile.enter("one").orElseThrow();
    var waits = CompletableFuture.supplyAsync(() -> turnstile.enter("one"));
    Awaitility.await().until(() -> turnstile.waitingFor("one") == 1);

    assertThat(turnstile.enter("one")).as("one works, one waits").isEmpty();

    pass.close();
    waits.join().orElseThrow().close();
  }

  @Test
  void oneThatWaitsForTooLongIsTurnedAway() {
    var turnstile = new Turnstile<String>(1, 10, SHORT);
    try (var pass = turnstile.enter("one").orElseThrow()) {
      assertThat(turnstile.enter("one")).isEmpty();
    }
    assertThat(turnstile.enter("one")).as("the place is free again").isPresent();
  }

  @Test
  void whereNobodyPassedForTooLongNewcomersAreTurnedAwayAtOnce() {
    var patience = Duration.ofMillis(400);
    var turnstile = new Turnstile<String>(1, 10, patience);
    try (var pass = turnstile.enter("one").orElseThrow()) {
      assertThat(turnstile.enter("one")).isEmpty();
      var asked = System.nanoTime();
      assertThat(turnstile.enter("one")).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(patience.dividedBy(2));
    }
  }
}
