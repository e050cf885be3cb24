package dev.tandem.coordinator.lra;

import com.sun.net.httpserver.HttpExchange;
import dev.tandem.coordinator.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A participant that confirms every callback, unless the test tells it something else. */
final class ScriptedService extends ScriptedServer {

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

  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  ScriptedService(String name) {
    super(name, "/internal/lra/");
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

  @Override
  protected void handle(HttpExchange exchange) throws Exception {
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
  }
}
