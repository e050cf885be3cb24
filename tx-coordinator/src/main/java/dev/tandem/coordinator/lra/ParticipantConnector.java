package dev.tandem.coordinator.lra;

import dev.tandem.rest.internal.InternalClients;
import jakarta.ws.rs.ProcessingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.glassfish.jersey.client.ClientRequest;
import org.glassfish.jersey.client.ClientResponse;
import org.glassfish.jersey.client.spi.AsyncConnectorCallback;
import org.glassfish.jersey.client.spi.Connector;
import org.glassfish.jersey.message.internal.Statuses;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Carries Narayana's callbacks over the same pool, and with the same token, as every other call
 * between the parts. The host in a callback is a participant's name; its address is looked up now,
 * so it may change between two calls.
 */
final class ParticipantConnector implements Connector {

  /** Narayana waits so long and no longer; then it repeats the call at its next pass. */
  private static final Duration CALLBACK = Duration.ofSeconds(2);

  private final ParticipantLinks links;
  private final Map<String, RestClient> participants;

  ParticipantConnector(LraSettings settings, ParticipantLinks links, InternalClients clients) {
    this.links = links;
    this.participants =
        settings.participants().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), name -> clients.forService(name, CALLBACK)));
  }

  @Override
  public ClientResponse apply(ClientRequest request) {
    var participant = participantOf(request.getUri());
    try {
      return participant
          .method(HttpMethod.valueOf(request.getMethod()))
          .uri(request.getUri().getRawPath())
          .headers(headers -> copyTo(headers, request))
          .exchangeForRequiredValue((sent, answer) -> answer(request, answer));
    } catch (RestClientException unanswered) {
      throw new ProcessingException(unanswered.getMessage(), unanswered);
    }
  }

  private RestClient participantOf(URI callback) {
    if (!links.allow(callback)) {
      throw new ProcessingException(callback + " is not a participant's: not called");
    }
    return Objects.requireNonNull(participants.get(callback.getHost()));
  }

  /** The body is always empty, so nothing that describes it is sent. */
  private static void copyTo(HttpHeaders headers, ClientRequest request) {
    request
        .getStringHeaders()
        .forEach(
            (name, values) -> {
              if (!name.regionMatches(true, 0, "Content-", 0, "Content-".length())) {
                headers.put(name, List.copyOf(values));
              }
            });
  }

  private static ClientResponse answer(ClientRequest request, ClientHttpResponse answer)
      throws IOException {
    var response = new ClientResponse(Statuses.from(answer.getStatusCode().value()), request);
    answer.getHeaders().forEach((name, values) -> response.getHeaders().addAll(name, values));
    response.setEntityStream(new ByteArrayInputStream(answer.getBody().readAllBytes()));
    return response;
  }

  @Override
  public Future<?> apply(ClientRequest request, AsyncConnectorCallback callback) {
    try {
      callback.response(apply(request));
      return CompletableFuture.completedFuture(null);
    } catch (RuntimeException failure) {
      callback.failure(failure);
      return CompletableFuture.failedFuture(failure);
    }
  }

  @Override
  public String getName() {
    return "Tandem";
  }

  @Override
  public void close() {
    // the pool belongs to InternalClients
  }
}
