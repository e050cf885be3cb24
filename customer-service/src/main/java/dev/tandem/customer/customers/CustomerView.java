package dev.tandem.customer.customers;

import dev.tandem.mode.CustomerId;
import dev.tandem.rest.Money;

/** A customer as the API shows it. */
public record CustomerView(CustomerId customerId, String name, Money creditLimit, long version) {

  /** Shows the customer with the currency of this installation. */
  public static CustomerView of(Customer customer, String currency) {
    return new CustomerView(
        customer.id(),
        customer.name(),
        Money.of(customer.creditLimit().amount(), currency),
        customer.version());
  }
}
