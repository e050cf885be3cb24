package dev.tandem.order;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this service knows of a customer's credit: its copy of the limit, and the open orders.
 *
 * @param pendingLimit what the limit may become, while a change of it is open; else null
 * @param missedVersion a newer version that came and could not be taken; null if none
 * @param limitAge how long ago the copy took this version
 * @param exposure sum of the totals of the open orders
 */
record CreditAccount(
    UUID customer,
    BigDecimal creditLimit,
    @Nullable BigDecimal pendingLimit,
    long limitVersion,
    @Nullable Long missedVersion,
    Duration limitAge,
    BigDecimal exposure) {

  /**
   * What may still be ordered, under the lower one of both limits: never negative, also after the
   * limit was lowered (rule R2).
   */
  BigDecimal available() {
    var lower = pendingLimit == null ? creditLimit : creditLimit.min(pendingLimit);
    return lower.subtract(exposure).max(BigDecimal.ZERO);
  }

  /** By how much the open orders exceed a limit that was lowered since (rule R2). */
  BigDecimal overLimitBy() {
    return exposure.subtract(creditLimit).max(BigDecimal.ZERO);
  }
}
