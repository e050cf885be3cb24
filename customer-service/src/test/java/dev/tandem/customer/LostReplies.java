package dev.tandem.customer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between the service and its database, and cuts the connection between a statement's commit
 * and its reply. PostgreSQL sends the first byte of a reply after the commit.
 */
final class LostReplies implements AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicReference<String> statement = new AtomicReference<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final ServerSocket door;

  LostReplies() {
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The way to that database past this fault; each statement goes with its text. */
  String wayTo(String database) {
    var address = URI.create(database.substring("jdbc:".length()));
    threads.execute(() -> letIn(address.getPort()));
    return "jdbc:postgresql://127.0.0.1:%d%s?prepareThreshold=0"
        .formatted(door.getLocalPort(), address.getPath());
  }

  /** The next statement that contains this text is done, and its reply is lost. */
  void loseTheNextReplyTo(String text) {
    statement.set(text);
  }

  /** How many replies were lost so far. */
  int lost() {
    return lost.get();
  }

  private void letIn(int database) {
    while (!door.isClosed()) {
      try {
        connect(door.accept(), database);
      } catch (IOException closed) {
        // the door, or the database; whoever came in finds the connection closed
      }
    }
  }

  private void connect(Socket service, int database) throws IOException {
    var server = new Socket(InetAddress.getLoopbackAddress(), database);
    service.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    var cut = new AtomicBoolean();
    threads.execute(() -> pump(service, server, request -> mark(request, cut)));
    threads.execute(() -> pump(server, service, reply -> !cut.get() || !countsAsLost()));
  }

  private boolean mark(String request, AtomicBoolean cut) {
    var text = statement.get();
    if (text != null && request.contains(text) && statement.compareAndSet(text, null)) {
      cut.set(true);
    }
    return true;
  }

  private boolean countsAsLost() {
    return lost.incrementAndGet() > 0;
  }

  /** Decides whether a piece goes on; if not, the connection is cut. */
  private interface Toll {
    boolean passes(String piece);
  }

  private static void pump(Socket from, Socket to, Toll toll) {
    try (from;
        to) {
      var buffer = new byte[65_536];
      for (int n = 1; n > 0; ) {
        n = from.getInputStream().read(buffer);
        if (n > 0 && !toll.passes(new String(buffer, 0, n, StandardCharsets.ISO_8859_1))) {
          return;
        }
        to.getOutputStream().write(buffer, 0, Math.max(n, 0));
      }
    } catch (IOException cut) {
      // both ends hear of it by the close
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
