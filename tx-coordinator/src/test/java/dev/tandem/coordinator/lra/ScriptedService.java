package dev.tandem.coordinator.lra;

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

/** A participant that confirms every callback, unless the test tells it something else. */
final class ScriptedService implements AutoCloseable {

  record Reply(int status, String body) {
    static final Reply DONE = new Reply(200, "");
    static final Reply BUSY = new Reply(503, "");
  }

  interface Script {
    /** May wait, may kill. */
    Reply answer(String action) throws Exception;
  }

  /** When it came, and whether the answer could be sent. */
  record Call(String verb, String action, String authorization, long nanos) {}

  final String name;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private HttpServer server;

  ScriptedService(String name) {
    this.name = name;
    this.server = open(0);
    this.port = server.getAddress().getPort();
  }

  private HttpServer open(int onPort) {
    try {
      var opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
      opened.setExecutor(threads);
      opened.createContext("/internal/lra/", this::handle);
      opened.start();
      return opened;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  void goesAway() {
    server.stop(0);
  }

  void comesBack() {
    server = open(port);
  }

  /** {@code complete} or {@code compensate}. */
  void on(String verb, Script script) {
    scripts.put(verb, script);
  }

  void answersAsUsual() {
    scripts.clear();
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The verbs that came for this action, in their order. */
  List<String> verbsFor(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).map(Call::verb).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath().split("/");
      var call =
          new Call(
              path[4],
              path[3],
              exchange.getRequestHeaders().getFirst("Authorization"),
              System.nanoTime());
      calls.add(call);
      var script = scripts.get(call.verb());
      var reply = script == null ? Reply.DONE : script.answer(call.action());
      var body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (Exception closed) {
      throw closed instanceof IOException io ? io : new IOException(closed);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
