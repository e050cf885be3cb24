package dev.tandem.mode.lra;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.CopyObjection;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Optional;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** order-service's copy of the limits, as the one who starts changes sees it. */
final class RemoteCopy {

  /** The action that work belongs to. */
  static final String ACTION = "Long-Running-Action";

  private static final String NAME = "order-service";
  private static final Duration CALLBACK = Duration.ofMillis(500);

  private final RestClient work;
  private final RestClient callbacks;

  RemoteCopy(InternalClients clients, LraSettings settings) {
    this.work = clients.forService(NAME, settings.workWithin());
    this.callbacks = clients.forService(NAME, CALLBACK);
  }

  /**
   * Lets order-service join the action and write the limit down.
   *
   * @return why it must not be closed: a veto, or no answer that settles it; empty if it may
   */
  Optional<Refusal> place(ActionId action, VersionedLimit limit) {
    return CopyObjection.to(
        work.put().uri("/internal/lra/work").header(ACTION, action.value()).body(limit));
  }

  /**
   * Takes the limit back in the place of a coordinator that has forgotten the action.
   *
   * @return whether order-service has done so
   */
  boolean compensate(ActionId action) {
    try {
      callbacks
          .put()
          .uri("/internal/lra/{action}/compensate", action.value())
          .retrieve()
          .toBodilessEntity();
      return true;
    } catch (RestClientException away) {
      return false;
    }
  }
}
