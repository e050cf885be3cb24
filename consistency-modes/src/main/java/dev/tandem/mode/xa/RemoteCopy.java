package dev.tandem.mode.xa;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** order-service's copy of the limits, as the one who starts changes sees it. */
final class RemoteCopy {

  /** What order-service said to the work. */
  sealed interface Vote {
    /** Done and prepared. */
    record Prepared() implements Vote {}

    /** Refused; nothing is left there. */
    record Refused(Refusal refusal) implements Vote {}

    /** No answer, or none that settles it: something may be prepared there. */
    record Missing(String why) implements Vote {}
  }

  /** What order-service knows of a change. */
  enum Knowledge {
    APPLIED,
    REFUSED,
    /** A branch is prepared there. */
    IN_DOUBT,
    /** It answers, and knows of nothing. */
    NOTHING,
    NO_ANSWER
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record WorkAnswer(@Nullable String vote) {}

  /** Of a problem only this matters here; it has other members. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Problem(@Nullable String code, @Nullable String detail) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record ChangeState(@Nullable String state) {}

  private static final String REFUSED = "order-service refused the change.";

  private final RestClient work;
  private final RestClient questions;
  private final Duration longest;

  RemoteCopy(InternalClients clients, XaSettings settings, String name) {
    this.work = clients.forService(name, settings.workWithin());
    this.questions = clients.forService(name, Duration.ofMillis(500));
    this.longest = settings.workWithin();
  }

  Vote take(BranchId branch, VersionedLimit limit, Duration remaining) {
    var within = remaining.compareTo(longest) < 0 ? remaining : longest;
    try {
      return work.put()
          .uri("/internal/xa/work")
          .header("Xid", branch.text())
          .header("Tandem-Remaining-Millis", String.valueOf(within.toMillis()))
          .body(limit)
          .exchange((request, response) -> vote(response));
    } catch (RestClientException away) {
      return new Vote.Missing("order-service is away or did not answer in time.");
    }
  }

  private static Vote vote(RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response)
      throws java.io.IOException {
    HttpStatusCode status = response.getStatusCode();
    if (status.value() == 200) {
      var answer = response.bodyTo(WorkAnswer.class);
      return answer != null && "prepared".equals(answer.vote())
          ? new Vote.Prepared()
          : new Vote.Missing("order-service answered without a vote.");
    }
    if (status.value() == 409) {
      return refusal(response.bodyTo(Problem.class))
          .<Vote>map(Vote.Refused::new)
          .orElseGet(() -> new Vote.Missing("order-service refused for a reason not known here."));
    }
    return new Vote.Missing("order-service answered " + status.value() + ".");
  }

  private static Optional<Refusal> refusal(@Nullable Problem problem) {
    var detail = problem == null || problem.detail() == null ? REFUSED : problem.detail();
    return Arrays.stream(Refusal.Reason.values())
        .filter(reason -> problem != null && reason.code().equals(problem.code()))
        .map(reason -> new Refusal(reason, detail))
        .findFirst();
  }

  /**
   * Rolls the copy's branch back past a coordinator that is away. Only for a transaction whose
   * commit was never asked for. If nobody answers, the coordinator's first scan does it.
   */
  void rollback(BranchId branch) {
    try {
      questions
          .post()
          .uri("/internal/xa/branches/{branch}/rollback", branch.text())
          .retrieve()
          .toBodilessEntity();
    } catch (RestClientException away) {
      // two parts away at once: the branch waits for the coordinator's scan
    }
  }

  /** What the copy says of the change. */
  Knowledge knowledgeOf(ChangeId change) {
    try {
      var answer =
          questions
              .get()
              .uri("/internal/limit-changes/{id}", change.toString())
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
      case "in-doubt" -> Knowledge.IN_DOUBT;
      case "unknown" -> Knowledge.NOTHING;
      default -> Knowledge.NO_ANSWER;
    };
  }
}
