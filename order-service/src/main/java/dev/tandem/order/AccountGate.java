package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Turnstile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Where requests queue that need a credit account's lock (rule X9). One per customer goes on to the
 * database and waits there for at most {@code lock_timeout} (application.yml); the others wait in
 * front, without a connection. When the one inside found the account locked, those behind it are
 * told so without trying; and from then on, until one gets the lock, those of this customer only
 * look, a few of all customers at a time, and do not wait for the lock. So a customer whose limit
 * is in doubt costs one connection once, for {@code lock_timeout}; all of them together cost
 * {@value #LOOKING} connections after that; and every request is answered within a second.
 */
@Component
class AccountGate {

  /** The lock lets one through at a time anyway: more inside would only wait there. */
  private static final int INSIDE = 1;

  /** A part of the server's 200 threads. */
  private static final int WAITING = 64;

  /**
   * Longer than lock_timeout: whoever waits hears what the one inside has met. A full queue that
   * moves at its usual pace, some milliseconds for each, is through by then; where it moves more
   * slowly, its end is turned away, so that every request is answered within a second.
   */
  private static final Duration PATIENCE = Duration.ofMillis(900);

  /** Long enough for one decision, so that those in line go on as soon as the doubt is over. */
  private static final Duration IN_DOUBT_PATIENCE = Duration.ofMillis(50);

  /** Far below the connection pool's size (application.yml), whatever number is in doubt. */
  private static final int LOOKING = 4;

  /** A branch in doubt is resolved within seconds once all parts are up. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Turnstile<UUID> queue = new Turnstile<>(INSIDE, WAITING, PATIENCE);
  private final Turnstile<UUID> probes = new Turnstile<>(INSIDE, WAITING, IN_DOUBT_PATIENCE);
  private final Semaphore looking = new Semaphore(LOOKING, true);
  private final Set<UUID> foundLocked = ConcurrentHashMap.newKeySet();
  private final CreditAccounts accounts;
  private final Counter turnedAway;

  AccountGate(CreditAccounts accounts, MeterRegistry metrics) {
    this.accounts = accounts;
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
      var result = probing ? whenUnlocked(customer, work) : work.get();
      foundLocked.remove(customer);
      return result;
    } catch (PessimisticLockingFailureException locked) {
      foundLocked.add(customer);
      throw inDoubt();
    }
  }

  /** Looks first: an account that is still locked must not keep a connection waiting. */
  private <T> T whenUnlocked(UUID customer, Supplier<T> work) {
    if (!mayLook()) {
      throw inDoubt();
    }
    try {
      accounts.findUnlocked(customer);
      return work.get();
    } finally {
      looking.release();
    }
  }

  private boolean mayLook() {
    try {
      return looking.tryAcquire(IN_DOUBT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private ApiProblem inDoubt() {
    turnedAway.increment();
    return ApiProblem.tryAgain(
        "limit-in-doubt",
        "The customer's credit account is locked, most likely by a change of its limit whose"
            + " outcome is still open. Nothing was done.",
        RETRY_AFTER);
  }
}
