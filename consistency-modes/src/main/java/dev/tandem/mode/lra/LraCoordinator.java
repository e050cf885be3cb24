package dev.tandem.mode.lra;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.rest.internal.InternalClients;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/** The coordinator of long running actions, in tx-coordinator, by its own HTTP API. */
final class LraCoordinator {

  private static final String NAME = "tx-coordinator";
  private static final String ACTIONS = "/lra-coordinator";

  /** Narayana's coordinator marks its answers with it. Any server at a wrong address says 404. */
  private static final String MARK = "Narayana-LRA-API-version";

  /** What the coordinator says of an action's end. */
  enum Verdict {
    CLOSED,
    CANCELLED,
    /** It has ended, and a participant could not do as it was told. */
    FAILED,
    /** The coordinator does not know it: it has ended, some time ago. */
    GONE,
    /** It has no end yet, or nobody answered. */
    UNDER_WAY
  }

  /** What came of the wish to join. */
  enum Joining {
    JOINED,
    /** The action has ended, or is about to: nothing may be done in it any more. */
    TOO_LATE,
    /** Whether it took place is not known; it matters to nobody unless work is done. */
    NO_ANSWER
  }

  private final RestClient start;
  private final RestClient join;
  private final RestClient end;
  private final Duration timeLimit;

  LraCoordinator(InternalClients clients, LraSettings settings) {
    this.start = clients.forService(NAME, settings.startWithin());
    this.join = clients.forService(NAME, settings.joinWithin());
    this.end = clients.forService(NAME, settings.endWithin());
    this.timeLimit = settings.timeLimit();
  }

  /**
   * Starts an action for this change.
   *
   * @return empty if the coordinator is away; there is no action then, or one that nobody uses and
   *     that the coordinator cancels when its time is up
   */
  Optional<ActionId> start(ChangeId change) {
    try {
      var id =
          start
              .post()
              .uri(
                  path ->
                      path.path(ACTIONS + "/start")
                          .queryParam("ClientID", change)
                          .queryParam("TimeLimit", timeLimit.toMillis())
                          .build())
              .accept(MediaType.TEXT_PLAIN)
              .retrieve()
              .body(String.class);
      return Optional.ofNullable(id).map(ActionId::lastSegmentOf);
    } catch (RestClientException | IllegalArgumentException away) {
      return Optional.empty();
    }
  }

  /**
   * Lets a service take part. The links carry its name in the place of a host: the coordinator
   * knows the address, which may change while the action is open.
   */
  Joining join(ActionId action, String service) {
    try {
      return join.put()
          .uri(ACTIONS + "/{action}", action.value())
          .header(
              HttpHeaders.LINK,
              link(service, action, "complete") + ", " + link(service, action, "compensate"))
          .accept(MediaType.TEXT_PLAIN)
          .exchange((request, response) -> joining(response));
    } catch (RestClientException away) {
      return Joining.NO_ANSWER;
    }
  }

  private static String link(String service, ActionId action, String callback) {
    return "<http://" + service + "/internal/lra/" + action + "/" + callback + ">; rel=" + callback;
  }

  private static Joining joining(ConvertibleClientHttpResponse response) throws IOException {
    if (isUnknown(response)) {
      return Joining.TOO_LATE;
    }
    return switch (response.getStatusCode().value()) {
      case 200 -> Joining.JOINED;
      case 412 -> Joining.TOO_LATE;
      default -> Joining.NO_ANSWER;
    };
  }

  private static boolean isUnknown(ConvertibleClientHttpResponse response) throws IOException {
    int status = response.getStatusCode().value();
    return (status == 404 || status == 410) && response.getHeaders().getFirst(MARK) != null;
  }

  /** Asks for the end that makes all participants complete. Can be repeated. */
  Verdict close(ActionId action) {
    return end(action, "close");
  }

  /** Asks for the end that makes all participants compensate. Can be repeated. */
  Verdict cancel(ActionId action) {
    return end(action, "cancel");
  }

  private Verdict end(ActionId action, String verb) {
    try {
      return end.put()
          .uri(ACTIONS + "/{action}/{verb}", action.value(), verb)
          .accept(MediaType.TEXT_PLAIN)
          .exchange(
              (request, response) ->
                  response.getStatusCode().value() == 412 // it is ending already
                      ? statusOf(action)
                      : verdict(response));
    } catch (RestClientException away) {
      return Verdict.UNDER_WAY;
    }
  }

  private Verdict statusOf(ActionId action) {
    return end.get()
        .uri(ACTIONS + "/{action}/status", action.value())
        .accept(MediaType.TEXT_PLAIN)
        .exchange((request, response) -> verdict(response));
  }

  /** The body tells the end, not the status: a close may answer that it was cancelled. */
  private static Verdict verdict(ConvertibleClientHttpResponse response) throws IOException {
    if (isUnknown(response)) {
      return Verdict.GONE;
    }
    return response.getStatusCode().is2xxSuccessful()
        ? verdict(response.bodyTo(String.class))
        : Verdict.UNDER_WAY;
  }

  private static Verdict verdict(@Nullable String status) {
    return switch (String.valueOf(status).strip()) {
      case "Closed" -> Verdict.CLOSED;
      case "Cancelled" -> Verdict.CANCELLED;
      case "FailedToClose", "FailedToCancel" -> Verdict.FAILED;
      default -> Verdict.UNDER_WAY;
    };
  }
}
