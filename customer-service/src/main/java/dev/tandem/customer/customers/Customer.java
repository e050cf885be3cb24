package dev.tandem.customer.customers;

import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CustomerId;

/**
 * A customer and its limit.
 *
 * @param number place in the order of creation
 * @param version of the limit, counted up with each change
 */
public record Customer(
    CustomerId id, long number, String name, CreditLimit creditLimit, long version) {

  /** The validator that {@code If-Match} is compared with. */
  public String etag() {
    return etag(version);
  }

  /** The validator of the given version. */
  public static String etag(long version) {
    return "\"" + version + "\"";
  }
}
