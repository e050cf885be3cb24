package dev.tandem.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * {@code GET /health} on the loopback address: 200 while the broker is active, else 503; with how
 * many messages wait in which queue. Numbers only, so it asks for no password.
 */
final class HealthPage implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final Broker broker;
  private final HttpServer server;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(HealthPage::daemon);

  private HealthPage(Broker broker, HttpServer server) {
    this.broker = broker;
    this.server = server;
  }

  /**
   * @param port 0 for a free one
   * @throws BrokerException if the port is taken
   */
  static HealthPage open(Broker broker, int port) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      var page = new HealthPage(broker, HttpServer.create(address, 0));
      page.server.createContext("/", page::answer);
      page.server.setExecutor(page.thread);
      page.server.start();
      return page;
    } catch (IOException e) {
      throw new BrokerException(
          "Port %d, for the health page, cannot be had (%s): give the broker another --health-port."
              .formatted(port, e.getMessage()),
          e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/health";
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/health")) {
        exchange.sendResponseHeaders(NOT_FOUND, -1);
        return;
      }
      boolean active = broker.isActive();
      var body = json(active, active ? broker.depths() : Map.of()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(active ? OK : UNAVAILABLE, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String json(boolean active, Map<String, Long> depths) {
    var waiting =
        depths.entrySet().stream().filter(depth -> depth.getKey().startsWith(Queues.LANE));
    return "{\"active\":%b,\"waiting\":%d,\"dead\":%d,\"expired\":%d,\"queues\":{%s}}"
        .formatted(
            active,
            waiting.mapToLong(Map.Entry::getValue).sum(),
            depths.getOrDefault(Queues.DEAD, 0L),
            depths.getOrDefault(Queues.EXPIRED, 0L),
            depths.entrySet().stream()
                .map(depth -> "\"%s\":%d".formatted(depth.getKey(), depth.getValue()))
                .collect(Collectors.joining(",")));
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "health");
    thread.setDaemon(true);
    return thread;
  }
}
