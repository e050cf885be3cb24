package dev.tandem.mode.xa;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.CopyObjection;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** order-service's copy of the limits, as the one who starts changes sees it. */
final class RemoteCopy {

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record WorkAnswer(@Nullable String vote) {}

  private final RestClient work;
  private final RestClient ends;
  private final Duration longest;

  RemoteCopy(InternalClients clients, XaSettings settings, String name) {
    this.work = clients.forService(name, settings.workWithin());
    this.ends = clients.forService(name, Duration.ofMillis(500));
    this.longest = settings.workWithin();
  }

  /**
   * Lets order-service work in its branch and prepare it.
   *
   * @return why it must not be committed: a veto, which leaves nothing there, or no answer that
   *     settles it, so that something may be prepared there; empty if it is prepared
   */
  Optional<Refusal> take(BranchId branch, VersionedLimit limit, Duration remaining) {
    var within = remaining.compareTo(longest) < 0 ? remaining : longest;
    return CopyObjection.to(
        work.put()
            .uri("/internal/xa/work")
            .header("Xid", branch.text())
            .header("Tandem-Remaining-Millis", String.valueOf(within.toMillis()))
            .body(limit),
        done -> unlessPrepared(done.bodyTo(WorkAnswer.class)));
  }

  private static Optional<Refusal> unlessPrepared(@Nullable WorkAnswer answer) {
    return answer != null && "prepared".equals(answer.vote())
        ? Optional.empty()
        : CopyObjection.unsettled("order-service answered without a vote.");
  }

  /**
   * Rolls the copy's branch back past a coordinator that is away. Only for a transaction whose
   * commit was never asked for. If nobody answers, the coordinator's first scan does it.
   */
  void rollback(BranchId branch) {
    try {
      ends.post()
          .uri("/internal/xa/branches/{branch}/rollback", branch.text())
          .retrieve()
          .toBodilessEntity();
    } catch (RestClientException away) {
      // two parts away at once: the branch waits for the coordinator's scan
    }
  }
}
