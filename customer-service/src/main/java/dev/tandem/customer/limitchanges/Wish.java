package dev.tandem.customer.limitchanges;

import dev.tandem.customer.idempotency.IdempotencyKeys.Opening;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to become true, under the id of one attempt at it.
 *
 * @param name of a new customer, else null
 */
record Wish(
    ChangeId id,
    CustomerId customer,
    Kind kind,
    CreditLimit limit,
    @Nullable String name,
    IfMatch condition,
    Instant requestedAt) {

  /** The same wish as another attempt, for the customer that the first one was for. */
  Wish as(ChangeId attempt, CustomerId same) {
    return new Wish(attempt, same, kind, limit, name, condition, requestedAt);
  }

  CreditLimitChange expecting(@Nullable Long version) {
    return new CreditLimitChange(id, customer, kind, limit, name, version, requestedAt);
  }

  Opening opening(String mode) {
    return new Opening(id, customer, kindInTables(), mode, limit.amount());
  }

  String kindInTables() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
