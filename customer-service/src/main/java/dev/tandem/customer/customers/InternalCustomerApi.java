package dev.tandem.customer.customers;

import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells order-service what its copy has not heard of: whether a customer exists, and its limit. */
@InternalApi
@RestController
class InternalCustomerApi {

  record KnownCustomer(CustomerId customerId, CreditLimit creditLimit, long version) {}

  private final Customers customers;

  InternalCustomerApi(Customers customers) {
    this.customers = customers;
  }

  /** "Unknown" is for ever, because orders are refused on it: never while a creation is open. */
  @GetMapping("/internal/customers/{id}")
  KnownCustomer customer(@PathVariable UUID id) {
    var customer = new CustomerId(id);
    boolean open = customers.isBeingCreated(customer); // first: if it ends now, the row is found
    return customers
        .find(customer)
        .map(known -> new KnownCustomer(known.id(), known.creditLimit(), known.version()))
        .orElseThrow(() -> open ? beingCreated(id) : unknown(id));
  }

  /**
   * The limit in force, by the change that brought it: for a copy that is behind. No content if the
   * limit was never changed since the customer was loaded.
   */
  @GetMapping("/internal/customers/{id}/limit")
  ResponseEntity<VersionedLimit> limit(@PathVariable UUID id) {
    var latest = customers.latestLimit(new CustomerId(id));
    if (latest.isEmpty()) {
      customer(id); // or a refusal
    }
    return latest.map(ResponseEntity::ok).orElseGet(() -> ResponseEntity.noContent().build());
  }

  private static ApiProblem beingCreated(UUID id) {
    return ApiProblem.tryAgain(
        "change-in-progress",
        "Whether customer " + id + " comes into being is not known yet.",
        Duration.ofSeconds(1));
  }

  private static ApiProblem unknown(UUID id) {
    return ApiProblem.of(
        HttpStatus.NOT_FOUND, "unknown-customer", "There is no customer " + id + ".");
  }
}
