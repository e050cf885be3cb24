package dev.tandem.customer.limitchanges;

import dev.tandem.customer.customers.Customers;
import dev.tandem.customer.idempotency.IdempotencyKey;
import dev.tandem.customer.idempotency.IdempotencyKeys;
import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.ModeChanged;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Turnstile;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Takes wishes to the mode in force, and notes down what must outlive the request: what was left
 * open, what was refused for good, and everything that an {@code Idempotency-Key} stands for.
 */
@Component
class ChangeDesk {

  private static final Logger log = LoggerFactory.getLogger(ChangeDesk.class);

  /** How long a repeated request waits for the first one. */
  private static final Duration WAIT_FOR_THE_FIRST = Duration.ofSeconds(1);

  /** How often a wish follows the mode before its client is asked to send it again. */
  private static final int MODES_IN_A_ROW = 4;

  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final Customers customers;
  private final LimitChanges changes;
  private final IdempotencyKeys keys;
  private final ModeInForce modes;
  private final Running running;
  private final Resolution resolution;
  private final Audience audience;

  /**
   * One at a time: changes of one limit exclude each other in the database anyway. Half a second is
   * below {@code lock_timeout}, and sixteen that wait are done by then unless something is stuck.
   */
  private final Turnstile<CustomerId> turnstile = new Turnstile<>(1, 16, Duration.ofMillis(500));

  ChangeDesk(
      Customers customers,
      LimitChanges changes,
      IdempotencyKeys keys,
      ModeInForce modes,
      Running running,
      Resolution resolution,
      Audience audience) {
    this.customers = customers;
    this.changes = changes;
    this.keys = keys;
    this.modes = modes;
    this.running = running;
    this.resolution = resolution;
    this.audience = audience;
  }

  /**
   * Carries the wish out in the mode in force; when that has changed meanwhile, as a new change.
   */
  Carried carryOut(Wish wish) {
    var carried = carryOutNow(wish);
    for (int more = MODES_IN_A_ROW; more > 0 && hasMetAnotherMode(carried); more--) {
      carried = carryOutNow(wish.as(ChangeId.random(), wish.customer()));
    }
    return carried;
  }

  private Carried carryOutNow(Wish wish) {
    var mode = modes.current();
    try (var work = running.begin(wish.id())) {
      var outcome = work(mode, wish);
      return new Carried(wish, mode.name(), noted(wish, mode, outcome, false));
    }
  }

  /**
   * Carries the wish out unless the key stands for an earlier attempt already; then its outcome is
   * the answer. A refusal that invites to try again is not an answer for ever: the same key tries
   * again, as a new change; at once, when nothing but the mode was in the way.
   *
   * @throws ApiProblem 503 if the database does not tell what the key stands for: this request has
   *     done nothing, but an earlier one may have
   */
  Carried carryOutOnce(Wish wish, IdempotencyKey key) {
    var carried = claimed(wish, key).orElseGet(() -> again(wish, key));
    for (int more = MODES_IN_A_ROW; more > 0 && hasMetAnotherMode(carried); more--) {
      carried = again(wish, key);
    }
    return carried;
  }

  private Optional<Carried> claimed(Wish wish, IdempotencyKey key) {
    var mode = modes.current();
    try (var work = running.begin(wish.id())) {
      return told(() -> keys.claim(key, wish.opening(mode.name())))
          ? Optional.of(keyed(mode, wish))
          : Optional.empty();
    }
  }

  private Carried again(Wish wish, IdempotencyKey key) {
    while (true) {
      var mode = modes.current();
      var attempt = told(() -> keys.attemptOf(key));
      var earlier = wish.as(attempt.change(), attempt.customer());
      running.awaitEnd(earlier.id(), WAIT_FOR_THE_FIRST);
      var known = told(() -> resolution.resolve(earlier.id()).orElseThrow());
      if (!isWorthAnotherTry(known.outcome())) {
        var carriedBy = known.change().mode();
        return new Carried(earlier, carriedBy == null ? mode.name() : carriedBy, known.outcome());
      }
      var next = wish.as(ChangeId.random(), attempt.customer());
      try (var work = running.begin(next.id())) {
        if (told(() -> keys.replace(key, earlier.id(), next.opening(mode.name())))) {
          return keyed(mode, next);
        }
      }
    }
  }

  private static boolean hasMetAnotherMode(Carried carried) {
    return carried.outcome() instanceof Outcome.Refused refused && hasMetAnotherMode(refused);
  }

  private static boolean hasMetAnotherMode(Outcome.Refused refused) {
    return refused.refusal().reason() == Reason.MODE_CHANGED;
  }

  /** Not one of these questions works on a limit; unanswered, they leave the key's past open. */
  private static <T> T told(Supplier<T> question) {
    try {
      return question.get();
    } catch (DataAccessException | TransactionException away) {
      log.warn("what a key stands for is not told: {}", away.getMessage());
      throw ApiProblem.tryAgain(
          "earlier-attempt-unknown",
          "The database of customer-service is away or busy. This request did nothing, but an"
              + " earlier one with this Idempotency-Key may have succeeded. Repeat it with the same"
              + " key.",
          A_MOMENT);
    }
  }

  private Carried keyed(ConsistencyMode mode, Wish wish) {
    return new Carried(wish, mode.name(), noted(wish, mode, work(mode, wish), true));
  }

  private static boolean isWorthAnotherTry(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused && refused.refusal().reason().retryable();
  }

  private Outcome work(ConsistencyMode mode, Wish wish) {
    if (wish.kind() == Kind.CREATE) {
      return ask(mode, wish); // nobody else knows its customer yet
    }
    var pass = turnstile.enter(wish.customer());
    if (pass.isEmpty()) {
      return refused(
          wish, Reason.CHANGE_IN_PROGRESS, "Another change of this limit takes longer than usual.");
    }
    try (var entered = pass.get()) {
      return ask(mode, wish);
    }
  }

  private Outcome ask(ConsistencyMode mode, Wish wish) {
    try {
      return timed(
          mode, wish.expecting(wish.condition().expected(() -> versionOf(wish.customer()))));
    } catch (ModeChanged meanwhile) {
      modes.refresh();
      return refused(
          wish,
          Reason.MODE_CHANGED,
          "Another mode than "
              + mode.name()
              + " was put in force meanwhile, or the one in force is not enabled here. Nothing was"
              + " done.");
    } catch (DataAccessException | TransactionException away) {
      log.warn(
          "{} was cut off from customer-db: {}",
          wish.id(),
          away.getMostSpecificCause().getMessage());
      return cutOff(wish);
    } finally {
      customers.hasWritten(wish.id());
    }
  }

  /** What fails has no outcome yet, so nothing is reported of it. */
  private Outcome timed(ConsistencyMode mode, CreditLimitChange change) {
    long started = System.nanoTime();
    var outcome = mode.carryOut(change);
    var took = Duration.ofNanos(System.nanoTime() - started);
    audience.ended(change.id(), mode.name(), outcome, took);
    return outcome;
  }

  /** Without its database the service knows an outcome only if nothing was written there. */
  private Outcome cutOff(Wish wish) {
    return customers.hasWritten(wish.id())
        ? new Outcome.Unknown(wish.id(), "The database of customer-service went away meanwhile.")
        : refused(
            wish, Reason.PART_AWAY, "The database of customer-service is away. Nothing was done.");
  }

  private long versionOf(CustomerId customer) {
    return customers.find(customer).map(known -> known.version()).orElse(0L);
  }

  /**
   * Notes the outcome; what was promised but cannot be noted is not promised. A verdict is true all
   * the same. Under a key it is not repeated then: the change stays open, the sweeper refuses it as
   * rolled back, and the same key tries again and hears the verdict of that time.
   */
  private Outcome noted(Wish wish, ConsistencyMode mode, Outcome outcome, boolean keyed) {
    try {
      note(wish, mode.name(), outcome, keyed);
      return outcome;
    } catch (DataAccessException away) {
      log.warn(
          "{} ended as {}, not noted: {}",
          wish.id(),
          outcome,
          away.getMostSpecificCause().getMessage());
      return isEnd(mode.name(), outcome)
          ? outcome
          : new Outcome.Unknown(wish.id(), "It could not be noted.");
    }
  }

  private void note(Wish wish, String mode, Outcome outcome, boolean keyed) {
    if (!isEnd(mode, outcome)) {
      changes.open(wish, mode);
    } else if (outcome instanceof Outcome.Refused refused && hasMetAnotherMode(refused)) {
      forgo(wish, refused, keyed);
    } else if (outcome instanceof Outcome.Refused refused && (keyed || isVeto(refused))) {
      changes.refuse(wish.expecting(null), mode, refused.refusal());
    } else if (keyed) {
      changes.close(wish.id());
    }
  }

  /** Without a key nobody knows of this attempt. */
  private void forgo(Wish wish, Outcome.Refused refused, boolean keyed) {
    if (keyed) {
      changes.forgo(wish.id(), refused.refusal());
    }
  }

  /** Nobody need ask after it any more. */
  private boolean isEnd(String mode, Outcome outcome) {
    return outcome instanceof Outcome.Refused
        || (outcome instanceof Outcome.Applied applied
            && (applied.everywhere() || modes.followsByItself(mode)));
  }

  private static boolean isVeto(Outcome.Refused refused) {
    return refused.refusal().reason() == Reason.BELOW_EXPOSURE
        || refused.refusal().reason() == Reason.COPY_IS_AHEAD;
  }

  private static Outcome refused(Wish wish, Reason reason, String detail) {
    return new Outcome.Refused(wish.id(), new Refusal(reason, detail));
  }
}
