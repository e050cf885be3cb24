package dev.tandem.mode.xa;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.ChangeId;
import dev.tandem.rest.internal.InternalClients;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** tx-coordinator, as the one who starts changes sees it. */
final class Coordinator {

  static final String NAME = "tx-coordinator";

  /**
   * A begun transaction.
   *
   * @param endNanos when the coordinator will roll it back, on this process's {@code nanoTime}
   */
  record Begun(String transaction, BranchId own, BranchId copy, long endNanos) {

    /** How long it still lives; zero when its time is up. */
    Duration remaining() {
      return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }
  }

  /** What the coordinator says of a transaction's end. */
  enum Verdict {
    COMMITTED,
    DECIDED,
    ROLLED_BACK,
    UNDER_WAY,
    MIXED,
    /** The commit was never sent: it cannot be decided. */
    NOT_ASKED,
    /** The commit was sent, and no answer came. */
    NO_ANSWER
  }

  private record BeginRequest(String reference, List<String> participants) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record BeginAnswer(
      String transaction, Map<String, String> branches, long expiresInMillis) {}

  private record CommitRequest(Map<String, String> votes) {}

  private record RollbackRequest(List<String> untouched) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record EndAnswer(String transaction, String outcome) {}

  private final RestClient begin;
  private final RestClient commit;
  private final String owner;
  private final String copy;

  Coordinator(InternalClients clients, XaSettings settings, String owner, String copy) {
    this.begin = clients.forService(NAME, settings.beginWithin());
    this.commit = clients.forService(NAME, settings.commitWithin());
    this.owner = owner;
    this.copy = copy;
  }

  /**
   * @throws RestClientException if the coordinator is away; then there is no transaction, or one
   *     that nobody uses and the coordinator ends by itself
   */
  Begun begin(ChangeId change) {
    long asked = System.nanoTime(); // its life begins later: we count too little, never too much
    var answer =
        Objects.requireNonNull(
            begin
                .post()
                .uri("/internal/xa/transactions")
                .body(new BeginRequest(change.toString(), List.of(owner, copy)))
                .retrieve()
                .body(BeginAnswer.class));
    return new Begun(
        answer.transaction(),
        BranchId.parse(Objects.requireNonNull(answer.branches().get(owner))),
        BranchId.parse(Objects.requireNonNull(answer.branches().get(copy))),
        asked + Duration.ofMillis(answer.expiresInMillis()).toNanos());
  }

  /** Asks for the commit, with both votes. Never throws for a coordinator that is away. */
  Verdict commit(Begun begun) {
    try {
      var answer =
          Objects.requireNonNull(
              commit
                  .post()
                  .uri("/internal/xa/transactions/{id}/commit", begun.transaction())
                  .body(new CommitRequest(Map.of(owner, "prepared", copy, "prepared")))
                  .retrieve()
                  .body(EndAnswer.class));
      return verdict(answer.outcome());
    } catch (ResourceAccessException away) {
      return neverSent(away) ? Verdict.NOT_ASKED : Verdict.NO_ANSWER;
    } catch (RestClientException unclear) {
      return Verdict.NO_ANSWER;
    }
  }

  /**
   * Tells the coordinator that this transaction will never be committed.
   *
   * @param ownIsRolledBack the owner's branch: then nobody needs to be told to do it
   * @return whether it answered
   */
  boolean rollback(Begun begun, boolean ownIsRolledBack) {
    return rollback(begun, ownIsRolledBack ? List.of(owner) : List.of());
  }

  /**
   * The same for a transaction in which no branch has done anything. If the coordinator does not
   * hear it, its reaper ends the transaction when its time is up.
   */
  void rollbackOfNothing(Begun begun) {
    rollback(begun, List.of(owner, copy));
  }

  private boolean rollback(Begun begun, List<String> untouched) {
    try {
      commit
          .post()
          .uri("/internal/xa/transactions/{id}/rollback", begun.transaction())
          .body(new RollbackRequest(untouched))
          .retrieve()
          .toBodilessEntity();
      return true;
    } catch (RestClientException away) {
      return false;
    }
  }

  private static Verdict verdict(String outcome) {
    return switch (outcome) {
      case "committed" -> Verdict.COMMITTED;
      case "decided" -> Verdict.DECIDED;
      case "rolled-back" -> Verdict.ROLLED_BACK;
      case "mixed" -> Verdict.MIXED;
      default -> Verdict.UNDER_WAY;
    };
  }

  /** A connection that was refused or never made has carried nothing. */
  private static boolean neverSent(ResourceAccessException away) {
    return away.getCause() instanceof ConnectException
        || away.getCause() instanceof ConnectTimeoutException
        || away.getCause() instanceof ConnectionRequestTimeoutException;
  }
}
