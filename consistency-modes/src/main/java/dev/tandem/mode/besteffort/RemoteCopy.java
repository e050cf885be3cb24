package dev.tandem.mode.besteffort;

import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** order-service's copy, which commits at once. */
final class RemoteCopy {

  private record Problem(String code, @Nullable String detail) {}

  private final RestClient orders;

  RemoteCopy(InternalClients clients, Duration answerWithin) {
    this.orders = clients.forService("order-service", answerWithin);
  }

  /** The reason why it did not take the limit; empty if it did. */
  Optional<Refusal> take(VersionedLimit limit) {
    try {
      return orders
          .put()
          .uri("/internal/besteffort/work")
          .body(limit)
          .exchange(
              (request, response) -> {
                if (response.getStatusCode().is2xxSuccessful()) {
                  return Optional.<Refusal>empty();
                }
                if (response.getStatusCode().value() == 409) {
                  var problem = Objects.requireNonNull(response.bodyTo(Problem.class));
                  return Optional.of(
                      new Refusal(Reason.ofCode(problem.code()), String.valueOf(problem.detail())));
                }
                return Optional.of(
                    new Refusal(
                        Reason.PART_AWAY, "order-service answered " + response.getStatusCode()));
              });
    } catch (RestClientException away) {
      return Optional.of(
          new Refusal(Reason.PART_AWAY, "order-service did not answer: " + away.getMessage()));
    }
  }
}
