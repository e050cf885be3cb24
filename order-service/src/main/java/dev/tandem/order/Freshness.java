package dev.tandem.order;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the copy before an order is decided on it.
 *
 * @param lane through which the customer's limits come; null if none do
 * @param maxAge an older copy, or one of unknown age, is too old; null if none is
 * @param undecided whether an order that finds the copy too old stays undecided; else it is
 *     rejected
 * @param source where the limit was found
 */
record Freshness(
    @Nullable Integer lane, @Nullable Duration maxAge, boolean undecided, String source) {

  /** Decides on the copy, however old it is. */
  static Freshness any(@Nullable Integer lane) {
    return new Freshness(lane, null, false, "replica");
  }

  /** Decides on a limit that its owner has just told. */
  Freshness asked() {
    return new Freshness(lane, null, false, "rpc");
  }

  @Nullable Long maxAgeMillis() {
    return maxAge == null ? null : maxAge.toMillis();
  }
}
