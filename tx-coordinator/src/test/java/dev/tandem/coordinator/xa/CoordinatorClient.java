package dev.tandem.coordinator.xa;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the coordinator's API, as customer-service does. */
final class CoordinatorClient {

  static final String TOKEN = "a-service-token-for-tests";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  record Answer(int status, JsonNode body) {
    String outcome() {
      return body.path("outcome").asString("");
    }
  }

  record Begun(String id, Map<String, String> branches) {
    String branch(ScriptedParticipant participant) {
      return branches.get(participant.name);
    }
  }

  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  CoordinatorClient(int port) {
    this.port = port;
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  Begun begin(String reference, List<ScriptedParticipant> participants) {
    var names =
        participants.stream()
            .map(p -> '"' + p.name + '"')
            .collect(Collectors.joining(",", "[", "]"));
    var answer =
        post(
            "/internal/xa/transactions",
            "{\"reference\":\"" + reference + "\",\"participants\":" + names + "}");
    if (answer.status() != 201) {
      throw new AssertionError("begin answered " + answer);
    }
    var branches = new LinkedHashMap<String, String>();
    answer
        .body()
        .get("branches")
        .properties()
        .forEach(branch -> branches.put(branch.getKey(), branch.getValue().asString()));
    return new Begun(answer.body().get("transaction").asString(), branches);
  }

  Answer commit(Begun transaction) {
    return commit(transaction, "prepared");
  }

  Answer commit(Begun transaction, String vote) {
    var votes =
        transaction.branches().keySet().stream()
            .map(name -> '"' + name + "\":\"" + vote + '"')
            .collect(Collectors.joining(",", "{", "}"));
    return commitWithVotes(transaction.id(), votes);
  }

  Answer commitWithVotes(String id, String votes) {
    return post("/internal/xa/transactions/" + id + "/commit", "{\"votes\":" + votes + "}");
  }

  CompletableFuture<Answer> commitLater(Begun transaction) {
    return CompletableFuture.supplyAsync(() -> commit(transaction));
  }

  Answer rollback(String id) {
    return post("/internal/xa/transactions/" + id + "/rollback", "");
  }

  Answer rollback(String id, String body) {
    return post("/internal/xa/transactions/" + id + "/rollback", body);
  }

  Answer find(String id) {
    return get("/internal/xa/transactions/" + id);
  }

  JsonNode all() {
    return get("/internal/xa/transactions").body();
  }

  Answer get(String path) {
    return send(request(path).header("Authorization", "Bearer " + TOKEN).GET().build());
  }

  Answer post(String path, String body) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  Answer getWithoutToken(String path) {
    return send(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private Answer send(HttpRequest request) {
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), JSON.readTree(response.body().isEmpty() ? "{}" : response.body()));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  boolean isHealthy() {
    try {
      return getWithoutToken("/actuator/health/readiness").status() == 200;
    } catch (java.io.UncheckedIOException notYet) {
      return false;
    }
  }
}
