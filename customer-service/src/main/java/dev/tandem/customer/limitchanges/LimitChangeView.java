package dev.tandem.customer.limitchanges;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Outcome;
import dev.tandem.rest.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limit change as the API shows it.
 *
 * @param state {@code applied}: on both sides (in the history: by the owner); {@code decided}: by
 *     the owner, and order-service will have it; {@code under-way}; {@code pending}: under way, and
 *     written down as tentative; {@code refused}: on neither, for ever; {@code compensated}:
 *     refused after it was pending; {@code unknown}: nobody who could be reached knows, or the
 *     sides contradict each other
 * @param reason of a refusal, a stable code
 * @param detail in words: the refusal, or why nobody knows
 * @param steps what happened so far, with times
 * @param note what could not be found out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LimitChangeView(
    ChangeId changeId,
    @Nullable CustomerId customerId,
    @Nullable String kind,
    @Nullable String mode,
    @Schema(
            allowableValues = {
              "applied",
              "decided",
              "under-way",
              "pending",
              "refused",
              "compensated",
              "unknown"
            })
        String state,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Money creditLimit,
    @Nullable Long version,
    @Nullable Instant requestedAt,
    @Nullable Instant recordedAt,
    @Nullable List<Step> steps,
    @Nullable String note) {

  /** Something that happened to a change. */
  record Step(String step, Instant at) {}

  static LimitChangeView of(LimitChange change, Outcome outcome, String currency) {
    var refused = outcome instanceof Outcome.Refused no ? no.refusal() : null;
    var limit = change.creditLimit();
    return new LimitChangeView(
        change.id(),
        change.customer(),
        change.kind(),
        change.mode(),
        stateOf(change, outcome),
        refused == null ? null : refused.reason().code(),
        refused == null ? whyUnknown(outcome) : refused.detail(),
        limit == null ? null : Money.of(limit.amount(), currency),
        change.version(),
        change.requestedAt(),
        change.recordedAt(),
        null,
        null);
  }

  LimitChangeView with(List<Step> happened, @Nullable String missing) {
    return new LimitChangeView(
        changeId,
        customerId,
        kind,
        mode,
        state,
        reason,
        detail,
        creditLimit,
        version,
        requestedAt,
        recordedAt,
        happened,
        missing);
  }

  private static String stateOf(LimitChange change, Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      return applied.everywhere() ? "applied" : "decided";
    }
    if (outcome instanceof Outcome.Refused refused) {
      return refused.compensated() ? "compensated" : "refused";
    }
    if (outcome instanceof Outcome.Unknown) {
      return "unknown";
    }
    return change.pendingSince() == null ? "under-way" : "pending";
  }

  private static @Nullable String whyUnknown(Outcome outcome) {
    return outcome instanceof Outcome.Unknown unknown ? unknown.why() : null;
  }
}
