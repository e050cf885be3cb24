package dev.tandem.mode.besteffort;

import dev.tandem.mode.CopyObjection;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Optional;
import org.springframework.web.client.RestClient;

/** order-service's copy, which commits at once. */
final class RemoteCopy {

  private final RestClient orders;

  RemoteCopy(InternalClients clients, Duration answerWithin) {
    this.orders = clients.forService("order-service", answerWithin);
  }

  /** The reason why it did not take the limit; empty if it did. */
  Optional<Refusal> take(VersionedLimit limit) {
    return CopyObjection.to(orders.put().uri("/internal/besteffort/work").body(limit));
  }
}
