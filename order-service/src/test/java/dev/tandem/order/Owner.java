package dev.tandem.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.mode.VersionedLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** Stands for customer-service: a real HTTP server that knows some customers, or is silent. */
final class Owner implements AutoCloseable {

  private final Set<UUID> creating = ConcurrentHashMap.newKeySet();
  private final Set<UUID> known = ConcurrentHashMap.newKeySet();
  private final Map<UUID, VersionedLimit> limits = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;
  private volatile CountDownLatch silence = new CountDownLatch(0);
  private volatile String notFoundCode = "unknown-customer";

  Owner() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/internal/customers/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void knows(UUID customer) {
    known.add(customer);
  }

  /** Tells this limit to whoever asks for it. */
  void tells(VersionedLimit limit) {
    limits.put(limit.customerId().value(), limit);
  }

  /** Says of this customer that it is being created, until it is closed. */
  AutoCloseable creates(UUID customer) {
    creating.add(customer);
    return () -> creating.remove(customer);
  }

  int asked() {
    return asked.get();
  }

  /** Answers 404 as any other server would that has nothing at this address. */
  AutoCloseable isSomebodyElse() {
    notFoundCode = "not-found";
    return () -> notFoundCode = "unknown-customer";
  }

  /** Accepts calls and does not answer them until it is closed. */
  AutoCloseable silent() {
    silence = new CountDownLatch(1);
    return () -> silence.countDown();
  }

  private void answer(HttpExchange call) throws IOException {
    asked.incrementAndGet();
    try {
      silence.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    var path = call.getRequestURI().getPath();
    if (path.endsWith("/limit")) {
      answerLimit(call, UUID.fromString(path.split("/")[3]));
      return;
    }
    var customer = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
    var token = call.getRequestHeaders().getFirst("Authorization");
    int status =
        !("Bearer " + OrderService.TOKEN).equals(token)
            ? 401
            : creating.contains(customer) ? 503 : known.contains(customer) ? 200 : 404;
    if (status == 404 || status == 503) {
      call.getResponseHeaders().set("Content-Type", "application/problem+json");
      var code = status == 503 ? "change-in-progress" : notFoundCode;
      var problem = ("{\"status\":" + status + ",\"code\":\"" + code + "\"}").getBytes(UTF_8);
      call.sendResponseHeaders(status, problem.length);
      call.getResponseBody().write(problem);
    } else {
      call.sendResponseHeaders(status, -1);
    }
    call.close();
  }

  private void answerLimit(HttpExchange call, UUID customer) throws IOException {
    var limit = limits.get(customer);
    if (limit == null) {
      call.sendResponseHeaders(known.contains(customer) ? 204 : 404, -1);
    } else {
      var body = new JsonMapper().writeValueAsBytes(limit);
      call.getResponseHeaders().set("Content-Type", "application/json");
      call.sendResponseHeaders(200, body.length);
      call.getResponseBody().write(body);
    }
    call.close();
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
  }
}
