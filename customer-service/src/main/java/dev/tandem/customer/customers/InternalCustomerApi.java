package dev.tandem.customer.customers;

import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CustomerId;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells order-service whether a customer that its copy has not heard of exists. */
@InternalApi
@RestController
class InternalCustomerApi {

  record KnownCustomer(CustomerId customerId, CreditLimit creditLimit, long version) {}

  private final Customers customers;

  InternalCustomerApi(Customers customers) {
    this.customers = customers;
  }

  @GetMapping("/internal/customers/{id}")
  KnownCustomer customer(@PathVariable UUID id) {
    return customers
        .find(new CustomerId(id))
        .map(known -> new KnownCustomer(known.id(), known.creditLimit(), known.version()))
        .orElseThrow(
            () ->
                ApiProblem.of(
                    HttpStatus.NOT_FOUND, "unknown-customer", "There is no customer " + id + "."));
  }
}
