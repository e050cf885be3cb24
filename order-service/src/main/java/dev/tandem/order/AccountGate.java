package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Turnstile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Where requests queue that need a credit account's lock (rule X9). One per customer goes on to the
 * database and waits there for at most {@code lock_timeout} (application.yml); the others wait in
 * front, without a connection. When the one inside found the account locked, those behind it are
 * told so without trying; and from then on, until one gets the lock, there is next to no waiting.
 * So a customer whose limit is in doubt costs one or two connections, and every request of that
 * customer is answered within a second.
 */
@Component
class AccountGate {

  /** The lock lets one through at a time anyway: more inside would only wait there. */
  private static final int INSIDE = 1;

  /** A part of the server's 200 threads. */
  private static final int WAITING = 64;

  /** Longer than lock_timeout: while the queue moves, nobody is turned away. */
  private static final Duration PATIENCE = Duration.ofMillis(900);

  /** Long enough for one decision, so that those in line go on as soon as the doubt is over. */
  private static final Duration IN_DOUBT_PATIENCE = Duration.ofMillis(50);

  /** A branch in doubt is resolved within seconds once all parts are up. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Turnstile<UUID> queue = new Turnstile<>(INSIDE, WAITING, PATIENCE);
  private final Turnstile<UUID> probes = new Turnstile<>(INSIDE, WAITING, IN_DOUBT_PATIENCE);
  private final Set<UUID> foundLocked = ConcurrentHashMap.newKeySet();
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
    boolean probing = foundLocked.contains(customer);
    try (var pass = (probing ? probes : queue).enter(customer).orElseThrow(this::inDoubt)) {
      if (!probing && foundLocked.contains(customer)) {
        throw inDoubt(); // the one ahead of us has just waited in vain
      }
      var result = work.get();
      foundLocked.remove(customer);
      return result;
    } catch (PessimisticLockingFailureException locked) {
      foundLocked.add(customer);
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
