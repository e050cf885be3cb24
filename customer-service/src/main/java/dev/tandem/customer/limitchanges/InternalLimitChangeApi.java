package dev.tandem.customer.limitchanges;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.mode.ChangeId;
import dev.tandem.rest.internal.InternalApi;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Tells the other parts what this side knows of a change. Asking changes nothing. */
@InternalApi
@RestController
class InternalLimitChangeApi {

  /** State is {@code applied}, {@code refused}, {@code in-doubt} or {@code unknown}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OwnKnowledge(ChangeId changeId, String state, @Nullable Instant recordedAt) {}

  private final LimitChanges changes;

  InternalLimitChangeApi(LimitChanges changes) {
    this.changes = changes;
  }

  @GetMapping("/internal/limit-changes/{id}")
  OwnKnowledge limitChange(@PathVariable UUID id) {
    var change = new ChangeId(id);
    return changes
        .find(change)
        .filter(known -> known.recordedAt() != null)
        .map(known -> new OwnKnowledge(change, end(known), known.recordedAt()))
        .orElseGet(() -> withoutRow(change));
  }

  private static String end(LimitChange known) {
    return known.refusal() == null ? "applied" : "refused";
  }

  private OwnKnowledge withoutRow(ChangeId change) {
    return new OwnKnowledge(change, changes.isInDoubt(change) ? "in-doubt" : "unknown", null);
  }
}
