package dev.tandem.coordinator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;

/** A participant on a port of its own, where it can go away and come back. */
public abstract class ScriptedServer implements AutoCloseable {

  static {
    // Most of what is waited for has happened by then: not a tenth of a second each time.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  public final String name;
  private final String path;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  protected ScriptedServer(String name, String path) {
    this.name = name;
    this.path = path;
    this.server = open(0);
    this.port = server.getAddress().getPort();
  }

  private HttpServer open(int onPort) {
    try {
      var opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
      opened.setExecutor(threads);
      opened.createContext(path, this::handleAndClose);
      opened.start();
      return opened;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void handleAndClose(HttpExchange exchange) throws IOException {
    try (exchange) {
      handle(exchange);
    } catch (Exception closed) {
      throw closed instanceof IOException io ? io : new IOException(closed);
    }
  }

  /** Answers; without an answer the connection is closed. */
  protected abstract void handle(HttpExchange exchange) throws Exception;

  public final String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The process is gone; what it keeps is not. */
  public final void goesAway() {
    server.stop(0);
  }

  public final void comesBack() {
    server = open(port);
  }

  @Override
  public final void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
