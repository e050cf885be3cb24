package dev.tandem.mode.besteffort;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
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

  /** Of a problem only this matters here; it has other members. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Problem(@Nullable String code, @Nullable String detail) {}

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
                      new Refusal(
                          Reason.ofCode(String.valueOf(problem.code())),
                          String.valueOf(problem.detail())));
                }
                return Optional.of(
                    new Refusal(
                        Reason.PART_AWAY, "order-service answered " + response.getStatusCode()));
              });
    } catch (RestClientException away) {
      return Optional.of(
          new Refusal(Reason.PART_AWAY, "order-service is away or did not answer in time."));
    }
  }
}
