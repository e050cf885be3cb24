package dev.tandem.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an order was decided on: the credit account as it stood under its lock.
 *
 * @param sequence the place of the decision among all that happened to the account
 * @param pendingLimit the tentative limit that stood beside it; null if none. The lower one decided
 * @param limitAsOf when the copy had taken the limit
 * @param copyAsOf when the copy had everything of this customer that was committed by then; null if
 *     nobody ever said
 * @param exposureBefore sum of the totals of the orders that were open before this one
 * @param source where the limit was found
 */
record Decision(
    long sequence,
    long limitVersion,
    BigDecimal creditLimit,
    @Nullable BigDecimal pendingLimit,
    Instant limitAsOf,
    @Nullable Instant copyAsOf,
    BigDecimal exposureBefore,
    String source) {

  /** How old the copy was then; null if nobody knows. The clocks of both sides are in it. */
  @Nullable Duration copyAgeAt(Instant then) {
    if (copyAsOf == null) {
      return null;
    }
    return copyAsOf.isAfter(then) ? Duration.ZERO : Duration.between(copyAsOf, then);
  }

  /** Whether the tentative limit was the lower one. */
  boolean byPendingLimit() {
    return pendingLimit != null && pendingLimit.compareTo(creditLimit) < 0;
  }
}
