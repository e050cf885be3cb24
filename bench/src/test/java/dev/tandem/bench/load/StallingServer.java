package dev.tandem.bench.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every call at once, except while it stands still: then it answers none. */
final class StallingServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger held = new AtomicInteger();
  private volatile CountDownLatch door = new CountDownLatch(0);

  StallingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void stall() {
    door = new CountDownLatch(1);
  }

  void goOn() {
    door.countDown();
  }

  /** How many calls have come while it stood still. */
  int held() {
    return held.get();
  }

  private void answer(HttpExchange call) throws IOException {
    var found = door;
    if (found.getCount() > 0) {
      held.incrementAndGet();
      awaitIt(found);
    }
    call.sendResponseHeaders(200, 2);
    call.getResponseBody().write("{}".getBytes());
    call.close();
  }

  private static void awaitIt(CountDownLatch opening) {
    try {
      opening.await();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
