package dev.tandem.order;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an order was decided on: the credit account as it stood under its lock.
 *
 * @param sequence the place of the decision among all that happened to the account
 * @param pendingLimit the tentative limit that stood beside it; null if none. The lower one decided
 * @param limitAsOf when the copy had taken the limit
 * @param exposureBefore sum of the totals of the orders that were open before this one
 * @param source where the limit was found
 */
record Decision(
    long sequence,
    long limitVersion,
    BigDecimal creditLimit,
    @Nullable BigDecimal pendingLimit,
    Instant limitAsOf,
    BigDecimal exposureBefore,
    String source) {

  /** Whether the tentative limit was the lower one. */
  boolean byPendingLimit() {
    return pendingLimit != null && pendingLimit.compareTo(creditLimit) < 0;
  }
}
