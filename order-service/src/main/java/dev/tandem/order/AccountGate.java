package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Turnstile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Where requests queue that need a credit account's lock (rule X9): one per customer goes on to the
 * database, the others wait in front without a connection. So a customer whose limit is in doubt
 * costs one connection, and every request of that customer is answered within a second: it waits
 * here for at most 0.3 s and there for at most 0.5 s ({@code lock_timeout} in application.yml).
 */
@Component
class AccountGate {

  /** The lock lets one through at a time anyway: more inside would only wait there. */
  private static final int INSIDE = 1;

  /** A small part of the server's 200 threads. */
  private static final int WAITING = 64;

  private static final Duration PATIENCE = Duration.ofMillis(300);

  /** A branch in doubt is resolved within seconds once all parts are up. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Turnstile<UUID> turnstile = new Turnstile<>(INSIDE, WAITING, PATIENCE);
  private final Counter turnedAway;

  AccountGate(MeterRegistry metrics) {
    this.turnedAway =
        Counter.builder("tandem.orders.in.doubt")
            .description("Requests answered 503 because the customer's credit account was locked")
            .register(metrics);
  }

  /**
   * Does work that takes the account's lock.
   *
   * @throws ApiProblem 503 {@code limit-in-doubt} if the lock is not to be had; nothing is done
   *     then
   */
  <T> T pass(UUID customer, Supplier<T> work) {
    try (var pass = turnstile.enter(customer).orElseThrow(this::inDoubt)) {
      return work.get();
    } catch (PessimisticLockingFailureException locked) {
      throw inDoubt();
    }
  }

  private ApiProblem inDoubt() {
    turnedAway.increment();
    return ApiProblem.tryAgain(
        "limit-in-doubt",
        "The customer's credit account is locked, most likely by a change of its limit whose outcome"
            + " is still open. Nothing was done.",
        RETRY_AFTER);
  }
}
