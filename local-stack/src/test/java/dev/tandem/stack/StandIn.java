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
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    var server = HttpServer.create(address, 0);
    server.createContext(
        "/actuator/health/readiness",
        exchange -> answer(exchange, arguments.contains("--sick") ? 503 : 200, "{}"));
    server.createContext("/actuator/consistency", exchange -> answer(exchange, 200, MODE));
    server.createContext("/health", exchange -> answer(exchange, 200, "{}"));
    server.createContext("/internal/xa/transactions", StandIn::transactions);
    server.start();
  }

  private static void transactions(HttpExchange exchange) throws IOException {
    var token = "Bearer " + System.getenv("TANDEM_INTERNAL_TOKEN");
    if (token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 200, "{\"transactions\":[{\"inDoubt\":99}],\"inDoubt\":2,\"anomalies\":[]}");
    } else {
      answer(exchange, 401, "{}");
    }
  }

  /** A service's, or the one where a broker tells its health. */
  private static int port() {
    return arguments.stream()
        .filter(one -> one.startsWith("--server.port=") || one.startsWith("--health-port="))
        .map(one -> Integer.parseInt(one.substring(one.indexOf('=') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private StandIn() {}
}
