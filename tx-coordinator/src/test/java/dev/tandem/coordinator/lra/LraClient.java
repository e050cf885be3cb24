package dev.tandem.coordinator.lra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks Narayana's API as the services do. */
final class LraClient {

  static final String TOKEN = "a-service-token-for-tests";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  record Answer(int status, String body) {}

  private final String base;
  private final HttpClient http = HttpClient.newHttpClient();

  LraClient(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts and lets all join; gives the action's uid. */
  String open(Duration limit, List<ScriptedService> participants) {
    var action = start("change-1", limit);
    participants.forEach(participant -> join(action, participant));
    return action;
  }

  String start(String clientId, Duration limit) {
    var answer =
        send(
            "POST",
            "/lra-coordinator/start?ClientID=" + clientId + "&TimeLimit=" + limit.toMillis());
    if (answer.status() != 201) {
      throw new AssertionError("start answered " + answer);
    }
    return answer.body().substring(answer.body().lastIndexOf('/') + 1);
  }

  void join(String action, ScriptedService participant) {
    var answer = join(action, links(participant.name, action));
    if (answer.status() != 200) {
      throw new AssertionError("join answered " + answer);
    }
  }

  static String links(String participant, String action) {
    var path = "http://" + participant + "/internal/lra/" + action;
    return "<%s/complete>; rel=\"complete\", <%s/compensate>; rel=\"compensate\""
        .formatted(path, path);
  }

  Answer join(String action, String links) {
    return send(request("PUT", "/lra-coordinator/" + action).header("Link", links));
  }

  Answer close(String action) {
    return send("PUT", "/lra-coordinator/" + action + "/close");
  }

  Answer cancel(String action) {
    return send("PUT", "/lra-coordinator/" + action + "/cancel");
  }

  Answer status(String action) {
    return send("GET", "/lra-coordinator/" + action + "/status");
  }

  boolean hasEnded(String action) {
    return status(action).status() == 404;
  }

  JsonNode actions() {
    return JSON.readTree(send("GET", "/internal/lra/actions").body());
  }

  List<String> openActions() {
    return StreamSupport.stream(actions().get("actions").spliterator(), false)
        .map(action -> action.get("action").asString())
        .toList();
  }

  double meter(String name) {
    return JSON.readTree(send("GET", "/actuator/metrics/" + name).body())
        .at("/measurements/0/value")
        .asDouble();
  }

  boolean isHealthy() {
    try {
      return send("GET", "/actuator/health/readiness").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  Answer send(String method, String path) {
    return send(request(method, path));
  }

  Answer sendWithoutToken(String method, String path) {
    return exchange(bare(method, path).build());
  }

  HttpRequest.Builder request(String method, String path) {
    return bare(method, path).header("Authorization", "Bearer " + TOKEN);
  }

  private HttpRequest.Builder bare(String method, String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(30))
        .header("Accept", "text/plain, application/json, */*")
        .method(method, BodyPublishers.noBody());
  }

  Answer send(HttpRequest.Builder request) {
    return exchange(request.build());
  }

  private Answer exchange(HttpRequest request) {
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
