package dev.tandem.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.rest.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why an order is as it is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TraceView(
    OrderView order,
    @Schema(description = "The rule that decided, in words, with its numbers") String why,
    @Schema(description = "What it was decided on; absent if the customer was unknown")
        @Nullable DecisionView decision,
    @Schema(description = "Only of cancelled orders") @Nullable CancellationView cancellation) {

  /** The credit account as it stood under its lock when the order was decided. */
  @Schema(name = "Decision")
  record DecisionView(
      @Schema(description = "Place among the admissions, cancels and limits of this account")
          long sequence,
      Money creditLimit,
      @Schema(
              description =
                  "The tentative limit that stood beside it; the lower one decided. Absent if none")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Money pendingLimit,
      long limitVersion,
      @Schema(description = "Milliseconds since the copy had taken that version") long limitAgeMs,
      @Schema(
              description =
                  "What was committed at customer-service in so many milliseconds before the"
                      + " decision may have been missing in the copy. Null if nobody could say")
          @JsonInclude
          @Nullable Long copyAgeMs,
      Money exposureBefore,
      String source) {}

  @Schema(name = "Cancellation")
  record CancellationView(long sequence, Instant cancelledAt, String why) {}

  static TraceView of(Order order, String currency) {
    return new TraceView(
        OrderView.of(order, currency), why(order), decision(order, currency), cancellation(order));
  }

  private static String why(Order order) {
    var decision = order.decision();
    if (decision == null) {
      return "R4: neither this copy nor customer-service knew the customer, so the order was"
          + " rejected.";
    }
    if (order.rejection() == RejectionReason.LIMIT_TOO_OLD) {
      return "The copy of the limit was %s, more than tandem.credit.max-limit-age, so the order was"
              .formatted(ageInWords(decision.copyAgeAt(order.placedAt())))
          + " rejected (tandem.credit.on-stale=reject).";
    }
    return "R1: exposure %s + total %s = %s, %s %s, so the order was %s."
        .formatted(
            decision.exposureBefore(),
            order.total(),
            decision.exposureBefore().add(order.total()),
            order.rejection() == null ? "within" : "over",
            limit(decision),
            order.rejection() == null ? "approved" : "rejected");
  }

  private static String ageInWords(@Nullable Duration age) {
    return age == null ? "of unknown age" : age.toMillis() + " ms old";
  }

  private static String limit(Decision decision) {
    return decision.byPendingLimit()
        ? "the pending limit %s (the limit %s, version %d, was to change, and the lower one counts)"
            .formatted(decision.pendingLimit(), decision.creditLimit(), decision.limitVersion())
        : "the limit %s (version %d)".formatted(decision.creditLimit(), decision.limitVersion());
  }

  private static @Nullable DecisionView decision(Order order, String currency) {
    var decision = order.decision();
    if (decision == null) {
      return null;
    }
    var pending = decision.pendingLimit();
    var copyAge = decision.copyAgeAt(order.placedAt());
    return new DecisionView(
        decision.sequence(),
        Money.of(decision.creditLimit(), currency),
        pending == null ? null : Money.of(pending, currency),
        decision.limitVersion(),
        Math.max(0, Duration.between(decision.limitAsOf(), order.placedAt()).toMillis()),
        copyAge == null ? null : copyAge.toMillis(),
        Money.of(decision.exposureBefore(), currency),
        decision.source());
  }

  private static @Nullable CancellationView cancellation(Order order) {
    var cancellation = order.cancellation();
    return cancellation == null
        ? null
        : new CancellationView(
            cancellation.sequence(),
            cancellation.at(),
            "R3: cancelled, which gave back %s, once.".formatted(order.total()));
  }
}
