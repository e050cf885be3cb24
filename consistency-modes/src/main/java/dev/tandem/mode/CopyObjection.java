package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tandem.mode.Refusal.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient.RequestHeadersSpec;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientException;

/**
 * Hears why order-service did not do the work that a room asks of it. Only a refusal for a reason
 * known here says that nothing is left there; behind {@code PART_AWAY} the work may be done.
 */
public final class CopyObjection {

  /** Reads from a 200 what a room has against it. */
  public interface Reading {
    Optional<Refusal> of(ConvertibleClientHttpResponse done) throws IOException;
  }

  /** Of a problem only this matters here; it has other members. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Problem(@Nullable String code, @Nullable String detail) {}

  private CopyObjection() {}

  /**
   * Sends the work, where a 200 says that it is done.
   *
   * @return a veto, or no answer that settles it; empty if it is done
   */
  public static Optional<Refusal> to(RequestHeadersSpec<?> work) {
    return to(work, done -> Optional.empty());
  }

  /** As {@link #to(RequestHeadersSpec)}, where a 200 has to be read. */
  public static Optional<Refusal> to(RequestHeadersSpec<?> work, Reading reading) {
    try {
      return work.exchangeForRequiredValue((request, response) -> objection(response, reading));
    } catch (RestClientException away) {
      return unsettled("order-service is away or did not answer in time.");
    }
  }

  /** The refusal of an answer that settles nothing. */
  public static Optional<Refusal> unsettled(String why) {
    return Optional.of(new Refusal(Reason.PART_AWAY, why));
  }

  private static Optional<Refusal> objection(
      ConvertibleClientHttpResponse response, Reading reading) throws IOException {
    int status = response.getStatusCode().value();
    return switch (status) {
      case 200 -> reading.of(response);
      case 409 -> veto(response.bodyTo(Problem.class));
      default -> unsettled("order-service answered " + status + ".");
    };
  }

  private static Optional<Refusal> veto(@Nullable Problem problem) {
    return Arrays.stream(Reason.values())
        .filter(reason -> problem != null && reason.code().equals(problem.code()))
        .map(reason -> new Refusal(reason, detailOf(problem)))
        .findFirst()
        .or(() -> unsettled("order-service refused for a reason that is not known here."));
  }

  private static String detailOf(@Nullable Problem problem) {
    return problem == null || problem.detail() == null
        ? "order-service refused the change."
        : problem.detail();
  }
}
