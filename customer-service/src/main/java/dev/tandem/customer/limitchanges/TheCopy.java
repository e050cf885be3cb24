package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
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
   * @param state {@code applied}, {@code refused}, {@code in-doubt} or {@code unknown}
   */
  record Knowledge(String changeId, String state, @Nullable Instant recordedAt) {

    boolean hasApplied() {
      return state.equals("applied");
    }
  }

  private final RestClient orderService;

  TheCopy(InternalClients clients) {
    this.orderService = clients.forService("order-service", ANSWER_WITHIN);
  }

  /** What the copy knows of the change; null if order-service is away. */
  @Nullable Knowledge of(ChangeId change) {
    try {
      return orderService
          .get()
          .uri("/internal/limit-changes/{id}", change)
          .retrieve()
          .body(Knowledge.class);
    } catch (RestClientException away) {
      return null;
    }
  }
}
