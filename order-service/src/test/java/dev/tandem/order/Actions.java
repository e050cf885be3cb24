package dev.tandem.order;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Plays the coordinator of long running actions: lets everybody join, unless told otherwise. */
final class Actions implements AutoCloseable {

  /** Who joined what, and how. */
  record Join(String action, String link, String token) {}

  private final HttpServer server;
  private final List<Join> joins = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

  Actions() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/lra-coordinator/", this::answer);
    server.start();
  }

  String setting() {
    return "--tandem.services.tx-coordinator.url=http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answers(String action, int status) {
    answers.put(action, status);
  }

  /** What happens after the join was written down, before its answer goes out. */
  void meanwhile(String action, Runnable what) {
    meanwhile.put(action, what);
  }

  List<Join> joins(String action) {
    return joins.stream().filter(join -> join.action.equals(action)).toList();
  }

  private void answer(HttpExchange call) throws IOException {
    var path = call.getRequestURI().getPath();
    var action = path.substring(path.lastIndexOf('/') + 1);
    var headers = call.getRequestHeaders();
    joins.add(new Join(action, headers.getFirst("Link"), headers.getFirst("Authorization")));
    meanwhile.getOrDefault(action, () -> {}).run();
    call.getResponseHeaders().set("Narayana-LRA-API-version", "1.2"); // else a 404 says nothing
    call.sendResponseHeaders(answers.getOrDefault(action, 200), -1);
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
