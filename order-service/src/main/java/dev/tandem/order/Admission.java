package dev.tandem.order;

import dev.tandem.order.CustomerOwner.LimitAnswer;
import dev.tandem.rest.ApiProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/** How an order comes in, and how it is taken back. */
@Service
class Admission {

  /** The copy follows within seconds, or when customer-service is back. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final CreditAccounts accounts;
  private final Orders orders;
  private final AccountGate gate;
  private final CustomerOwner owner;
  private final StaleCopy copy;
  private final AccountLimits limits;
  private final OrderCounts counts;

  Admission(
      CreditAccounts accounts,
      Orders orders,
      AccountGate gate,
      CustomerOwner owner,
      StaleCopy copy,
      AccountLimits limits,
      OrderCounts counts) {
    this.accounts = accounts;
    this.orders = orders;
    this.gate = gate;
    this.owner = owner;
    this.copy = copy;
    this.limits = limits;
    this.counts = counts;
  }

  /**
   * Decides and stores the order, once per idempotency key: a repeated request gets the order as it
   * was answered the first time.
   *
   * @throws ApiProblem 503 if it cannot be decided now, nothing is stored then; 422 if the key
   *     stood for another request
   */
  Order place(NewOrder order) {
    try {
      return earlierAnswer(order).orElseGet(() -> counts.count(decide(order)));
    } catch (DuplicateKeyException sameKeyAtOnce) {
      return earlierAnswer(order).orElseThrow(() -> sameKeyAtOnce);
    }
  }

  private Optional<Order> earlierAnswer(NewOrder order) {
    var key = order.key();
    return key == null ? Optional.empty() : orders.placedUnder(key).map(key::sameAnswer);
  }

  private Order decide(NewOrder order) {
    var demand = copy.demandOf(order.customer());
    var decided = gate.pass(order.customer(), () -> accounts.admit(order, demand));
    if (decided.isEmpty() && demand.undecided() && accounts.find(order.customer()).isPresent()) {
      return decideOnAskedLimit(order, demand);
    }
    decided.ifPresent(copy::count);
    return decided.orElseGet(() -> ofUnknownCustomer(order));
  }

  /** {@code tandem.credit.on-stale=ask}: what the owner says is taken into the copy first. */
  private Order decideOnAskedLimit(NewOrder order, Freshness demand) {
    copy.countAsked();
    var answer = owner.limitOf(order.customer());
    if (answer instanceof LimitAnswer.None) {
      throw tooOld("customer-service did not say what the limit is.");
    }
    return gate.pass(order.customer(), () -> decideOn(answer, order, demand))
        .orElseThrow(() -> tooOld("the limit that customer-service told cannot be taken."));
  }

  private Optional<Order> decideOn(LimitAnswer answer, NewOrder order, Freshness demand) {
    boolean taken = !(answer instanceof LimitAnswer.Told told) || limits.takeTold(told.limit());
    return taken ? accounts.admit(order, demand.asked()) : Optional.empty();
  }

  private static ApiProblem tooOld(String why) {
    return ApiProblem.tryAgain(
        "limit-too-old",
        "order-service's copy of the limit is older than it may be, and " + why,
        RETRY_AFTER);
  }

  /** Rule R4: the copy does not know the customer, so its owner is asked, once. */
  private Order ofUnknownCustomer(NewOrder order) {
    return switch (owner.knows(order.customer())) {
      case UNKNOWN -> orders.rejectOfUnknownCustomer(order);
      case KNOWN ->
          throw ApiProblem.tryAgain(
              "customer-not-yet-here",
              "The customer exists, but its credit limit has not reached order-service yet.",
              RETRY_AFTER);
      case BEING_CREATED ->
          throw ApiProblem.tryAgain(
              "customer-not-yet-here",
              "The customer is being created, and its credit limit is not in force yet.",
              RETRY_AFTER);
      case NONE ->
          throw ApiProblem.tryAgain(
              "part-away",
              "order-service does not know the customer, and customer-service did not answer whether"
                  + " there is one.",
              RETRY_AFTER);
    };
  }

  /**
   * Cancels the order and gives back its total, once however often it is repeated (rule R3).
   *
   * @throws ApiProblem 404 unknown order, 409 rejected order, 503 if the credit account is locked
   */
  Order cancel(UUID id) {
    var order = known(id);
    if (order.state() == OrderState.APPROVED) {
      return gate.pass(order.customer(), () -> accounts.cancel(id))
          .map(counts::count)
          .orElseGet(() -> known(id)); // somebody else cancelled it since it was read
    }
    if (order.state() == OrderState.REJECTED) {
      throw ApiProblem.of(
          HttpStatus.CONFLICT,
          "order-not-cancellable",
          "The order was rejected: there is nothing to cancel.");
    }
    return order;
  }

  /**
   * @throws ApiProblem 404 if there is no such order
   */
  Order known(UUID id) {
    return orders
        .find(id)
        .orElseThrow(
            () ->
                ApiProblem.of(
                    HttpStatus.NOT_FOUND, "unknown-order", "There is no order " + id + "."));
  }
}
