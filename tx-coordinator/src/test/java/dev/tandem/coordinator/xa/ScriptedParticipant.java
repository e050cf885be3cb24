package dev.tandem.coordinator.xa;

import com.sun.net.httpserver.HttpExchange;
import dev.tandem.coordinator.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A participant that keeps its branches in memory and does what the test tells it. It is a server
 * of its own, so the coordinator speaks to it as to the real ones.
 */
final class ScriptedParticipant extends ScriptedServer {

  enum State {
    PREPARED,
    COMMITTED,
    ROLLED_BACK
  }

  /** What a verb answers, instead of what the branch's state says. */
  interface Script {
    /** Called before the verb is carried out; may wait, may answer with a status of its own. */
    Reply answer(String branch) throws Exception;
  }

  record Reply(int status, String body) {
    static final Reply AS_USUAL = null;
    static final Reply BUSY = new Reply(503, "{}");
  }

  private final Map<String, State> branches = new ConcurrentHashMap<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicLong lists = new AtomicLong();

  ScriptedParticipant(String name) {
    super(name, "/internal/xa/branches");
  }

  void prepares(String branch) {
    branches.putIfAbsent(branch, State.PREPARED);
  }

  /** Branch and change row are lost: an operator has rolled back by hand. */
  void forgets(String branch) {
    branches.remove(branch);
  }

  State stateOf(String branch) {
    return branches.get(branch);
  }

  void on(String verb, Script script) {
    scripts.put(verb, script);
  }

  void actsOn(String verb) {
    scripts.remove(verb);
  }

  /** Commits, whatever the answer says. */
  void commitsUnheard(String branch) {
    branches.put(branch, State.COMMITTED);
  }

  /** Waits until that many lists that were asked for after now have been answered. */
  void awaitLists(int count) throws InterruptedException {
    long until = lists.get() + count + 1; // one may be under way
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    synchronized (lists) {
      while (lists.get() < until) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(name + " was not asked for its branches");
        }
        lists.wait(100);
      }
    }
  }

  private void listed() {
    synchronized (lists) {
      lists.incrementAndGet();
      lists.notifyAll();
    }
  }

  void actsAsUsual() {
    scripts.clear();
    calls.clear();
    branches.clear();
  }

  /** {@code verb branch}, in the order in which the calls came. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  long callsOf(String verb, String branch) {
    return calls.stream().filter((verb + " " + branch)::equals).count();
  }

  List<String> prepared() {
    return branches.entrySet().stream()
        .filter(entry -> entry.getValue() == State.PREPARED)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  protected void handle(HttpExchange exchange) throws Exception {
    var reply = reply(exchange);
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    if (exchange.getRequestMethod().equals("GET")) {
      listed();
    }
  }

  private Reply reply(HttpExchange exchange) throws Exception {
    var path = exchange.getRequestURI().getPath().split("/");
    boolean list = path.length == 4;
    var verb = list ? "list" : path[5];
    var branch = list ? "" : path[4];
    if (!list) {
      calls.add(verb + " " + branch);
    }
    var script = scripts.get(verb);
    var scripted = script == null ? Reply.AS_USUAL : script.answer(branch);
    if (scripted != Reply.AS_USUAL) {
      return scripted;
    }
    return list ? list(prepared()) : end(verb, branch);
  }

  static Reply list(List<String> branches) {
    return new Reply(
        200,
        branches.stream()
            .map(branch -> '"' + branch + '"')
            .collect(Collectors.joining(",", "{\"branches\":[", "]}")));
  }

  private Reply end(String verb, String branch) {
    return switch (verb) {
      case "prepare" -> vote(branches.get(branch) == State.PREPARED);
      case "commit" ->
          result(
              branches.computeIfPresent(branch, to(State.COMMITTED, State.ROLLED_BACK)),
              State.COMMITTED);
      default ->
          result(
              branches.compute(
                  branch,
                  (same, now) -> now == State.COMMITTED ? State.COMMITTED : State.ROLLED_BACK),
              State.ROLLED_BACK);
    };
  }

  private static java.util.function.BiFunction<String, State, State> to(State next, State unless) {
    return (same, now) -> now == unless ? now : next;
  }

  private static Reply vote(boolean prepared) {
    return prepared
        ? new Reply(200, "{\"vote\":\"prepared\"}")
        : new Reply(409, "{\"vote\":\"rolled-back\"}");
  }

  private static Reply result(State now, State asked) {
    var is = now == null ? State.ROLLED_BACK : now;
    var word = is == State.COMMITTED ? "committed" : "rolled-back";
    return new Reply(is == asked ? 200 : 409, "{\"result\":\"" + word + "\"}");
  }
}
