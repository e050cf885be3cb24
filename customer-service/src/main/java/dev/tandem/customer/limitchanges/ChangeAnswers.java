package dev.tandem.customer.limitchanges;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.customer.customers.Customer;
import dev.tandem.customer.customers.CustomerView;
import dev.tandem.customer.customers.Customers;
import dev.tandem.customer.customers.ShopSettings;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Money;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Says in HTTP what became of a wish. */
@Component
class ChangeAnswers {

  static final String MODE = "Consistency-Mode";
  static final String STATE = "Consistency-State";
  static final String COMMITTED = "committed";
  static final String PENDING = "pending";
  static final String COMPENSATED = "compensated";

  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  /** A change that took place, or may yet. */
  record ChangeView(
      ChangeId changeId,
      CustomerId customerId,
      Money creditLimit,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long version,
      String state) {}

  private final Customers customers;
  private final ModeInForce modes;
  private final ShopSettings shop;

  ChangeAnswers(Customers customers, ModeInForce modes, ShopSettings shop) {
    this.customers = customers;
    this.modes = modes;
    this.shop = shop;
  }

  /**
   * The answer to a wish.
   *
   * @throws ApiProblem if it was refused, or nobody knows
   */
  ResponseEntity<Object> answer(Carried carried) {
    var outcome = carried.outcome();
    if (outcome instanceof Outcome.Applied applied
        && (applied.everywhere() || modes.followsByItself(carried.mode()))) {
      return applied(carried, applied);
    }
    if (outcome instanceof Outcome.Applied decided) {
      return pending(carried, decided.version(), "decided");
    }
    if (outcome instanceof Outcome.UnderWay) {
      return pending(carried, null, "under-way");
    }
    var problem =
        outcome instanceof Outcome.Refused refused
            ? refused(carried.wish(), refused)
            : unknown(carried.wish().id(), (Outcome.Unknown) outcome);
    throw problem.with("changeId", carried.wish().id()).withHeader(MODE, carried.mode());
  }

  /** Done, also where the copy does not have it yet: the change has its version for ever. */
  private ResponseEntity<Object> applied(Carried carried, Outcome.Applied outcome) {
    var wish = carried.wish();
    long version = outcome.version();
    var answer =
        wish.kind() == Kind.CREATE
            ? ResponseEntity.created(URI.create("/customers/" + wish.customer()))
            : ResponseEntity.ok();
    return answer
        .eTag(Customer.etag(version))
        .header(MODE, carried.mode())
        .header(STATE, outcome.everywhere() ? COMMITTED : PENDING)
        .body(wish.kind() == Kind.CREATE ? customer(wish, version) : change(wish, outcome));
  }

  private CustomerView customer(Wish wish, long version) {
    return new CustomerView(wish.customer(), String.valueOf(wish.name()), limit(wish), version);
  }

  private ChangeView change(Wish wish, Outcome.Applied outcome) {
    var state = outcome.everywhere() ? "applied" : "decided";
    return new ChangeView(wish.id(), wish.customer(), limit(wish), outcome.version(), state);
  }

  private ResponseEntity<Object> pending(Carried carried, @Nullable Long version, String state) {
    var wish = carried.wish();
    return ResponseEntity.accepted()
        .location(locationOf(wish.id()))
        .header(HttpHeaders.RETRY_AFTER, String.valueOf(A_MOMENT.toSeconds()))
        .header(MODE, carried.mode())
        .header(STATE, PENDING)
        .body(new ChangeView(wish.id(), wish.customer(), limit(wish), version, state));
  }

  private Money limit(Wish wish) {
    return Money.of(wish.limit().amount(), shop.currency());
  }

  private ApiProblem refused(Wish wish, Outcome.Refused refused) {
    var problem = refused(wish, refused.refusal());
    return refused.compensated()
        ? problem.with("state", COMPENSATED).withHeader(STATE, COMPENSATED)
        : problem;
  }

  private ApiProblem refused(Wish wish, Refusal refusal) {
    var code = refusal.reason().code();
    return switch (refusal.reason()) {
      case UNKNOWN_CUSTOMER -> ApiProblem.of(HttpStatus.NOT_FOUND, code, refusal.detail());
      case STALE_VERSION -> stale(wish, code, refusal.detail());
      case BELOW_EXPOSURE, COPY_IS_AHEAD ->
          ApiProblem.of(HttpStatus.CONFLICT, code, refusal.detail());
      case CHANGE_IN_PROGRESS ->
          ApiProblem.of(HttpStatus.CONFLICT, code, refusal.detail())
              .retryable()
              .withHeader(HttpHeaders.RETRY_AFTER, String.valueOf(A_MOMENT.toSeconds()));
      case PART_AWAY, MODE_CHANGED, ROLLED_BACK ->
          ApiProblem.tryAgain(code, refusal.detail(), A_MOMENT);
    };
  }

  private ApiProblem stale(Wish wish, String code, String detail) {
    var problem = ApiProblem.of(HttpStatus.PRECONDITION_FAILED, code, detail);
    customers
        .find(wish.customer())
        .ifPresent(now -> problem.withHeader(HttpHeaders.ETAG, now.etag()));
    return problem;
  }

  private static ApiProblem unknown(ChangeId change, Outcome.Unknown unknown) {
    return ApiProblem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "outcome-unknown",
            "Whether the change took place is not known now."
                + (unknown.why() == null ? "" : " " + unknown.why())
                + " Ask "
                + locationOf(change)
                + " before you send it again.")
        .at(locationOf(change))
        .withHeader(HttpHeaders.RETRY_AFTER, String.valueOf(A_MOMENT.toSeconds()));
  }

  private static URI locationOf(ChangeId change) {
    return URI.create("/limit-changes/" + change);
  }
}
