package dev.tandem.mode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What customer-service wants to become true on both sides: this customer has this limit.
 *
 * @param id names the change; repeating a change under the same id applies it at most once
 * @param customer whose limit
 * @param kind whether the customer comes into being with it
 * @param limit the new limit
 * @param name the new customer's name; null when the limit of an existing customer changes
 * @param expectedVersion the version that the limit must have now ({@code If-Match}); null for any,
 *     and for a new customer
 * @param requestedAt when the client asked
 */
public record CreditLimitChange(
    ChangeId id,
    CustomerId customer,
    Kind kind,
    CreditLimit limit,
    @Nullable String name,
    @Nullable Long expectedVersion,
    Instant requestedAt) {

  /** What a change does to its customer. */
  public enum Kind {
    CREATE,
    CHANGE
  }
}
