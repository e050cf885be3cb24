package dev.tandem.mode.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CustomerId;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** order-service's copy, which can be asked but is never told anything here. */
final class RemoteCopy {

  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);
  private static final Set<String> TAKEN = Set.of("applied", "superseded");

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record ChangeState(@Nullable String state) {}

  private final RestClient orders;

  RemoteCopy(InternalClients clients) {
    this.orders = clients.forService("order-service", ANSWER_WITHIN);
  }

  /** Whether the copy says that it has taken this change, or a later version instead. */
  boolean has(ChangeId change, CustomerId customer, long version) {
    try {
      var answer =
          orders
              .get()
              .uri(
                  "/internal/limit-changes/{id}?customer={customer}&version={version}",
                  change,
                  customer,
                  version)
              .retrieve()
              .body(ChangeState.class);
      return answer != null && TAKEN.contains(String.valueOf(answer.state()));
    } catch (RestClientException away) {
      return false;
    }
  }
}
