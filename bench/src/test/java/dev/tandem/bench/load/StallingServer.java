package dev.tandem.bench.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Answers every call at once, except while it stands still: then it answers none. */
final class StallingServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore door = new Semaphore(1);

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
    door.acquireUninterruptibly();
  }

  void goOn() {
    door.release();
  }

  private void answer(HttpExchange call) throws IOException {
    door.acquireUninterruptibly();
    door.release();
    call.sendResponseHeaders(200, 2);
    call.getResponseBody().write("{}".getBytes());
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
