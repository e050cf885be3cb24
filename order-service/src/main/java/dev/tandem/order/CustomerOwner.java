package dev.tandem.order;

import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/** customer-service, which alone knows which customers there are. */
@Component
class CustomerOwner {

  /** Whether it knows a customer. What was asked and not answered is never guessed. */
  enum Answer {
    KNOWN,
    /** Its creation is under way; it may come to nothing. */
    BEING_CREATED,
    UNKNOWN,
    NONE
  }

  /** What it says of a customer's limit. */
  sealed interface LimitAnswer {
    /** The limit in force, by the last change that was applied. */
    record Told(VersionedLimit limit) implements LimitAnswer {}

    /** It was never changed since the customer was loaded here and there. */
    record NeverChanged() implements LimitAnswer {}

    record None() implements LimitAnswer {}
  }

  /** Below a second: an order waits for it, and is told to come back if there is none. */
  static final Duration ANSWERS_WITHIN = Duration.ofMillis(800);

  private final RestClient client;

  CustomerOwner(InternalClients clients) {
    this.client = clients.forService("customer-service", ANSWERS_WITHIN);
  }

  Answer knows(UUID customer) {
    try {
      return client
          .get()
          .uri("/internal/customers/{id}", customer)
          .exchange((request, response) -> meaningOf(response));
    } catch (RestClientException away) {
      return Answer.NONE;
    }
  }

  /** Asks for the limit in force. */
  LimitAnswer limitOf(UUID customer) {
    try {
      return client
          .get()
          .uri("/internal/customers/{id}/limit", customer)
          .exchange((request, response) -> limitIn(response));
    } catch (RestClientException away) {
      return new LimitAnswer.None();
    }
  }

  private static LimitAnswer limitIn(ConvertibleClientHttpResponse response) throws IOException {
    return switch (response.getStatusCode().value()) {
      case 200 -> told(response.bodyTo(VersionedLimit.class));
      case 204 -> new LimitAnswer.NeverChanged();
      default -> new LimitAnswer.None();
    };
  }

  private static LimitAnswer told(@Nullable VersionedLimit limit) {
    return limit == null ? new LimitAnswer.None() : new LimitAnswer.Told(limit);
  }

  private static Answer meaningOf(ConvertibleClientHttpResponse response) throws IOException {
    return switch (response.getStatusCode().value()) {
      case 200 -> Answer.KNOWN;
      case 404 -> says("unknown-customer", response) ? Answer.UNKNOWN : Answer.NONE;
      case 503 -> says("change-in-progress", response) ? Answer.BEING_CREATED : Answer.NONE;
      default -> Answer.NONE;
    };
  }

  /** Any server at a wrong address answers 404 or 503; only customer-service says why. */
  private static boolean says(String code, ConvertibleClientHttpResponse response) {
    try {
      var problem = response.bodyTo(ProblemDetail.class);
      var members = problem == null ? null : problem.getProperties();
      return members != null && code.equals(members.get("code"));
    } catch (RestClientException notOurs) {
      return false;
    }
  }
}
