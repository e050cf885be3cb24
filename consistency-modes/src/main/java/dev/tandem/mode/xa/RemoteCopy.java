package dev.tandem.mode.xa;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Objects;
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

  private record WorkAnswer(String vote) {}

  private record Problem(String code, @Nullable String detail) {}

  private record ChangeState(String state) {}

  private final RestClient work;
  private final RestClient questions;
  private final Duration longest;

  RemoteCopy(InternalClients clients, XaSettings settings, String name) {
    this.work = clients.forService(name, settings.workWithin());
    this.questions = clients.forService(name, Duration.ofMillis(500));
    this.longest = settings.workWithin();
  }

  Vote take(BranchId branch, VersionedLimit limit, Duration lives) {
    var remaining = lives.compareTo(longest) < 0 ? lives : longest;
    try {
      return work.put()
          .uri("/internal/xa/work")
          .header("Xid", branch.text())
          .header("Tandem-Remaining-Millis", String.valueOf(remaining.toMillis()))
          .body(limit)
          .exchange((request, response) -> vote(response));
    } catch (RestClientException away) {
      return new Vote.Missing("order-service did not answer: " + away.getMessage());
    }
  }

  private static Vote vote(RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response)
      throws java.io.IOException {
    HttpStatusCode status = response.getStatusCode();
    if (status.value() == 200) {
      var answer = Objects.requireNonNull(response.bodyTo(WorkAnswer.class));
      return answer.vote().equals("prepared")
          ? new Vote.Prepared()
          : new Vote.Missing("order-service voted " + answer.vote());
    }
    if (status.value() == 409) {
      var problem = Objects.requireNonNull(response.bodyTo(Problem.class));
      return new Vote.Refused(
          new Refusal(
              Refusal.Reason.ofCode(problem.code()),
              problem.detail() == null ? "order-service refused the change." : problem.detail()));
    }
    return new Vote.Missing("order-service answered " + status.value());
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

  /** Whether the copy is known to have the change; false also when nobody answers. */
  boolean has(ChangeId change) {
    try {
      var answer =
          questions
              .get()
              .uri("/internal/limit-changes/{id}", change.toString())
              .retrieve()
              .body(ChangeState.class);
      return answer != null && answer.state().equals("applied");
    } catch (RestClientException away) {
      return false;
    }
  }
}
