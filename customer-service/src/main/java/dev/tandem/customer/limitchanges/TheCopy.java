package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ModeInForce;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Asks order-service what its copy knows of a change. */
@Component
class TheCopy {

  /** An answer without it says less, but comes: it must not wait for this for long. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);

  /**
   * What the copy knows.
   *
   * @param state {@code applied}, {@code refused}, {@code in-doubt}, {@code unknown}, or {@code
   *     superseded}: by its version or a later one, in a mode whose copy follows by itself
   */
  record Knowledge(String changeId, String state, @Nullable Instant recordedAt) {

    boolean hasApplied() {
      return state.equals("applied") || state.equals("superseded");
    }
  }

  private final ModeInForce modes;
  private final RestClient orderService;

  TheCopy(InternalClients clients, ModeInForce modes) {
    this.modes = modes;
    this.orderService = clients.forService("order-service", ANSWER_WITHIN);
  }

  /** What the copy knows of the change; null if order-service is away. */
  @Nullable Knowledge of(LimitChange change) {
    try {
      return orderService
          .get()
          .uri(questionAbout(change), change.id(), change.customer(), change.version())
          .retrieve()
          .body(Knowledge.class);
    } catch (RestClientException away) {
      return null;
    }
  }

  /** Where all sides change together, one that has not seen the change is not excused. */
  private String questionAbout(LimitChange change) {
    return "/internal/limit-changes/{id}"
        + (change.version() != null && modes.followsByItself(change.mode())
            ? "?customer={customer}&version={version}"
            : "");
  }
}
