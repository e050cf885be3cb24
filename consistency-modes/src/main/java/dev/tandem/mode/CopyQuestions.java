package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks order-service what its copy knows of a change. Asking changes nothing. Whoever asks can do
 * without the answer, and must not wait for it for long.
 */
public final class CopyQuestions {

  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);

  /** What order-service knows of a change. */
  public enum Knowledge {
    APPLIED,
    REFUSED,
    /** It is written down there, and may go either way. */
    PENDING,
    /** A branch of it is prepared there. */
    IN_DOUBT,
    /** It answers, and knows of nothing. */
    NOTHING,
    NO_ANSWER
  }

  /**
   * What was answered.
   *
   * @param recordedAt when order-service wrote its change row; null where it has none, or did not
   *     answer
   */
  public record Answer(Knowledge knowledge, @Nullable Instant recordedAt) {

    private static final Answer NONE = new Answer(Knowledge.NO_ANSWER, null);
  }

  /** Of an answer only this matters here; it may have other members. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record ChangeState(@Nullable String state, @Nullable Instant recordedAt) {}

  private final RestClient orderService;

  CopyQuestions(InternalClients clients) {
    this.orderService = clients.forService("order-service", ANSWER_WITHIN);
  }

  /** What the copy says of the change. That it is away is an answer, not an exception. */
  public Answer about(ChangeId change) {
    try {
      var said =
          orderService
              .get()
              .uri("/internal/limit-changes/{id}", change)
              .retrieve()
              .body(ChangeState.class);
      return said == null ? Answer.NONE : new Answer(knowledge(said.state()), said.recordedAt());
    } catch (RestClientException away) {
      return Answer.NONE;
    }
  }

  private static Knowledge knowledge(@Nullable String state) {
    return switch (String.valueOf(state)) {
      case "applied" -> Knowledge.APPLIED;
      case "refused" -> Knowledge.REFUSED;
      case "pending" -> Knowledge.PENDING;
      case "in-doubt" -> Knowledge.IN_DOUBT;
      case "unknown" -> Knowledge.NOTHING;
      default -> Knowledge.NO_ANSWER;
    };
  }
}
