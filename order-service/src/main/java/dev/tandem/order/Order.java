package dev.tandem.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is stored.
 *
 * @param number order of placing, for paging
 * @param rejection why it was rejected; null for all others
 * @param decision what it was decided on; null if the customer was unknown
 * @param cancellation null unless it was cancelled
 * @param fingerprint of the request that its idempotency key stood for; null without a key
 */
record Order(
    UUID id,
    long number,
    UUID customer,
    BigDecimal total,
    OrderState state,
    @Nullable RejectionReason rejection,
    @Nullable Decision decision,
    Instant placedAt,
    @Nullable Cancellation cancellation,
    @Nullable String fingerprint) {

  /** The order as it was answered when it was placed, whatever became of it since. */
  Order asPlaced() {
    var placed = rejection == null ? OrderState.APPROVED : OrderState.REJECTED;
    return new Order(
        id, number, customer, total, placed, rejection, decision, placedAt, null, fingerprint);
  }
}
