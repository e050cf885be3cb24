package dev.tandem.mode;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that answers as a test tells it to, and remembers what it was asked. */
public final class Scripted implements AutoCloseable {

  /** What came. */
  public record Asked(String method, String path, String body) {}

  /** What goes back. */
  public record Reply(int status, String body) {}

  /** Null closes the connection without an answer. */
  public interface Script {
    Reply answer(Asked asked) throws Exception;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  public Scripted(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answers paths that end like this, until told otherwise. */
  public Scripted on(String pathEnd, Script script) {
    scripts.put(pathEnd, script);
    return this;
  }

  public Scripted on(String pathEnd, int status, String body) {
    return on(pathEnd, any -> new Reply(status, body));
  }

  /** Accepts, and says nothing as long as this server lives. */
  public Scripted hangOn(String pathEnd) {
    return on(
        pathEnd,
        any -> {
          closing.await();
          return null;
        });
  }

  /** Every answer carries this header from now on. */
  public Scripted header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public List<Asked> asked(String pathEnd) {
    return asked.stream().filter(one -> one.path().endsWith(pathEnd)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var one = new Asked(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
      asked.add(one);
      var reply = scriptFor(one.path()).answer(one);
      if (reply == null) {
        return;
      }
      var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("Connection", "close"); // so that a stop is a refusal
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private Script scriptFor(String path) {
    return scripts.entrySet().stream()
        .filter(entry -> path.endsWith(entry.getKey()))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(any -> new Reply(404, "{}"));
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
