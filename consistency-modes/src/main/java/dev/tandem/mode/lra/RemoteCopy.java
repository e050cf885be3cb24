package dev.tandem.mode.lra;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/** order-service's copy of the limits, as the one who starts changes sees it. */
final class RemoteCopy {

  /** The action that work belongs to. */
  static final String ACTION = "Long-Running-Action";

  private static final String NAME = "order-service";
  private static final Duration QUESTION = Duration.ofMillis(500);
  private static final String REFUSED = "order-service refused the change.";

  /** What order-service knows of a change. */
  enum Knowledge {
    APPLIED,
    REFUSED,
    PENDING,
    /** It answers, and knows of nothing. */
    NOTHING,
    NO_ANSWER
  }

  /** Of a problem only this matters here; it has other members. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Problem(@Nullable String code, @Nullable String detail) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record ChangeState(@Nullable String state) {}

  private final RestClient work;
  private final RestClient questions;

  RemoteCopy(InternalClients clients, LraSettings settings) {
    this.work = clients.forService(NAME, settings.workWithin());
    this.questions = clients.forService(NAME, QUESTION);
  }

  /**
   * Lets order-service join the action and write the limit down.
   *
   * @return why it must not be closed: a veto, or no answer that settles it; empty if it may
   */
  Optional<Refusal> place(ActionId action, VersionedLimit limit) {
    try {
      return work.put()
          .uri("/internal/lra/work")
          .header(ACTION, action.value())
          .body(limit)
          .exchange((request, response) -> objection(response));
    } catch (RestClientException away) {
      return away("order-service is away or did not answer in time.");
    }
  }

  private static Optional<Refusal> objection(ConvertibleClientHttpResponse response)
      throws IOException {
    return switch (response.getStatusCode().value()) {
      case 200 -> Optional.empty();
      case 409 -> Optional.of(veto(response.bodyTo(Problem.class)));
      default -> away("order-service answered " + response.getStatusCode().value() + ".");
    };
  }

  private static Refusal veto(@Nullable Problem problem) {
    var detail = problem == null || problem.detail() == null ? REFUSED : problem.detail();
    return Arrays.stream(Reason.values())
        .filter(reason -> problem != null && reason.code().equals(problem.code()))
        .map(reason -> new Refusal(reason, detail))
        .findFirst()
        .orElseGet(() -> new Refusal(Reason.PART_AWAY, REFUSED));
  }

  private static Optional<Refusal> away(String why) {
    return Optional.of(new Refusal(Reason.PART_AWAY, why));
  }

  /** What the copy says of the change. */
  Knowledge knowledgeOf(ChangeId change) {
    try {
      var answer =
          questions
              .get()
              .uri("/internal/limit-changes/{id}", change)
              .retrieve()
              .body(ChangeState.class);
      return answer == null ? Knowledge.NO_ANSWER : knowledge(answer.state());
    } catch (RestClientException away) {
      return Knowledge.NO_ANSWER;
    }
  }

  private static Knowledge knowledge(@Nullable String state) {
    return switch (String.valueOf(state)) {
      case "applied" -> Knowledge.APPLIED;
      case "refused" -> Knowledge.REFUSED;
      case "pending" -> Knowledge.PENDING;
      case "unknown" -> Knowledge.NOTHING;
      default -> Knowledge.NO_ANSWER;
    };
  }

  /**
   * Takes the limit back in the place of a coordinator that has forgotten the action.
   *
   * @return whether order-service has done so
   */
  boolean compensate(ActionId action) {
    try {
      questions
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
