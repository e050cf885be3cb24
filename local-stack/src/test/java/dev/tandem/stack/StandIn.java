package dev.tandem.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for a service, or for db-init, in a process of its own: starts in a moment, and fails
 * in the way that it is told to.
 */
public final class StandIn {
  private static final String MODE =
      """
      {"mode":"xa","since":"2026-11-22T10:00:00Z","by":"Ada","enabled":["xa","lra"],
       "changes":[{"from":"lra","to":"xa","by":"Ada","at":"2026-11-22T10:00:00Z"},
                  {"to":"lra","by":"Eve","at":"2026-11-22T09:00:00Z"}],
       "open":{"branches":[],"actions":[],"sessions":[]}}
      """;

  private static List<String> arguments = List.of();

  public static void main(String[] given) throws IOException {
    arguments = Arrays.asList(given);
    System.out.println("stand-in started with " + arguments);
    if (arguments.contains("--die")) {
      System.out.println("the last words of a part");
      System.exit(7);
    }
    if (arguments.contains("--customer-db")) {
      return;
    }
    for (var port : ports()) {
      listenOn(port);
    }
  }

  private static void listenOn(int port) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/actuator/health/readiness",
        exchange -> answer(exchange, arguments.contains("--sick") ? 503 : 200, "{}"));
    server.createContext("/actuator/consistency", exchange -> answer(exchange, 200, MODE));
    server.createContext("/health", exchange -> answer(exchange, 200, "{}"));
    server.createContext("/internal/xa/transactions", StandIn::transactions);
    server.createContext(
        "/internal/event/outbox",
        exchange -> answerWithToken(exchange, "{\"depth\":3,\"oldestUnpublishedMillis\":90}"));
    server.createContext(
        "/internal/event/lanes",
        exchange ->
            answerWithToken(
                exchange,
                "{\"lanes\":[{\"lane\":0}],\"copyAgeMillis\":250,\"lag\":{\"count\":0,\"p50Millis\":null,\"p99Millis\":8.5},\"deadLetters\":1}"));
    server.createContext("/internal/event/dead-letters", StandIn::deadLetters);
    server.start();
  }

  /** One letter, with the id 1. */
  private static void deadLetters(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (exchange.getRequestMethod().equals("GET")) {
      answerWithToken(
          exchange,
          "{\"deadLetters\":[{\"id\":\"1\",\"reason\":\"unreadable\",\"attempts\":5,\"lane\":3,\"body\":\"?\",\"at\":\"2026-11-22T12:00:00Z\"}]}");
    } else if (body.equals("{}") || body.equals("{\"id\":\"1\"}")) {
      answerWithToken(exchange, "{\"redriven\":1}");
    } else {
      answer(exchange, 404, "{\"detail\":\"There is no dead letter.\"}");
    }
  }

  private static void transactions(HttpExchange exchange) throws IOException {
    answerWithToken(
        exchange, "{\"transactions\":[{\"inDoubt\":99}],\"inDoubt\":2,\"anomalies\":[]}");
  }

  private static void answerWithToken(HttpExchange exchange, String body) throws IOException {
    var token = "Bearer " + System.getenv("TANDEM_INTERNAL_TOKEN");
    if (token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 200, body);
    } else {
      answer(exchange, 401, "{}");
    }
  }

  /** A service's both, or the one where a broker tells its health. */
  private static List<Integer> ports() {
    return arguments.stream()
        .filter(one -> one.matches("--(server\\.port|tandem\\.internal\\.port|health-port)=.*"))
        .map(one -> Integer.parseInt(one.substring(one.indexOf('=') + 1)))
        .toList();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private StandIn() {}
}
