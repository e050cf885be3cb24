package dev.tandem.customer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays tx-coordinator and order-service together: actions start, are joined by work, and end. What
 * goes wrong is told by the test, one call at a time.
 */
final class LraWorld implements AutoCloseable {

  /** What goes back; null closes the connection without an answer. */
  record Reply(int status, String body) {}

  /** What is done in the place of a call, which it may still do itself. */
  interface Fault {
    Reply instead(Call call) throws Exception;
  }

  /** A call on its way, to do as it was meant. */
  interface Call {
    Reply goOn();
  }

  static final String TOKEN = "Bearer " + RunningService.TOKEN;

  private final JsonMapper json = new JsonMapper();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, String> changeOf = new ConcurrentHashMap<>();
  private final Map<String, Boolean> open = new ConcurrentHashMap<>();
  private final Map<String, String> copy = new ConcurrentHashMap<>();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final int port;
  private volatile HttpServer server;

  LraWorld(int port) {
    this.port = port;
    comeBack();
  }

  /** The next call of that kind goes differently, and all after it until {@link #heal}. */
  void on(String kind, Fault fault) {
    faults.put(kind, fault);
  }

  void heal(String kind) {
    faults.remove(kind);
  }

  void reset() {
    faults.clear();
    calls.clear();
  }

  /** The kinds of calls that came since the reset, in their order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** What order-service's change row says. */
  String copyOf(String change) {
    return copy.getOrDefault(change, "unknown");
  }

  void copySays(String change, String state) {
    copy.put(change, state);
  }

  /** An action as if somebody had started it and order-service had worked in it. */
  String openActionOf(String change) {
    var action = start(change);
    copy.put(change, "pending");
    return action;
  }

  /** The coordinator ends the action without anybody asking. */
  void ends(String action, boolean close) {
    end(action, close);
  }

  /** It has never heard of any action. */
  void forgetsAll() {
    open.clear();
  }

  private String start(String change) {
    var action = "0_ffff7f000001_8f3d_" + numbers.incrementAndGet();
    changeOf.put(action, change);
    open.put(action, true);
    return action;
  }

  private Reply end(String action, boolean close) {
    if (open.remove(action) == null) {
      return new Reply(404, "no such action");
    }
    copy.computeIfPresent(
        changeOf.get(action),
        (change, state) -> state.equals("pending") ? (close ? "applied" : "refused") : state);
    return new Reply(200, close ? "Closed" : "Cancelled");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var path = exchange.getRequestURI().getPath();
      var kind = path.contains("/limit-changes/") ? "question" : lastSegment(path);
      calls.add(kind);
      var query = exchange.getRequestURI().getQuery();
      var token = exchange.getRequestHeaders().getFirst("Authorization");
      var reply =
          TOKEN.equals(token)
              ? faults
                  .getOrDefault(kind, Call::goOn)
                  .instead(() -> asMeant(kind, path, query, body))
              : new Reply(401, "");
      if (reply == null) {
        return;
      }
      var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      var isJson = reply.body().startsWith("{");
      exchange.getResponseHeaders().set("Content-Type", isJson ? "application/json" : "text/plain");
      exchange.getResponseHeaders().set("Connection", "close"); // so that an absence is a refusal
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  private Reply asMeant(String kind, String path, String query, String body) {
    return switch (kind) {
      case "start" -> {
        var change = query.replaceAll(".*ClientID=([^&]*).*", "$1");
        yield new Reply(201, "http://localhost:1/lra-coordinator/" + start(change));
      }
      case "work" -> {
        copy.put(json.readTree(body).path("changeId").asString(), "pending");
        yield new Reply(200, "{\"state\":\"pending\"}");
      }
      case "close" -> end(before(path), true);
      case "cancel" -> end(before(path), false);
      case "status" ->
          open.containsKey(before(path)) ? new Reply(200, "Active") : new Reply(404, "");
      case "compensate" -> {
        copy.put(changeOf.get(before(path)), "refused");
        yield new Reply(200, "");
      }
      case "question" ->
          new Reply(
              200,
              "{\"changeId\":\"%s\",\"state\":\"%s\",\"recordedAt\":\"2026-01-01T00:00:00Z\"}"
                  .formatted(lastSegment(path), copyOf(lastSegment(path))));
      default -> new Reply(404, "");
    };
  }

  private static String lastSegment(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String before(String path) {
    return lastSegment(path.substring(0, path.lastIndexOf('/')));
  }

  /** Nobody listens any more. */
  void goAway() {
    server.stop(0);
  }

  void comeBack() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @Override
  public void close() {
    goAway();
    threads.shutdownNow();
  }
}
