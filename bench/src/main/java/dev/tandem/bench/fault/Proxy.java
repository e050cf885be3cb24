package dev.tandem.bench.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Stands between two parts on the loopback address, passes bytes on, and can stop doing that well.
 * A slow link delays each piece of up to 64 KiB in its turn, so that it is slow, and narrow besides
 * for those who send much.
 */
final class Proxy implements AutoCloseable {
  private static final int PIECE = 64 * 1024;
  private static final int CONNECT_MILLIS = 2_000;

  private final Supplier<InetSocketAddress> target;
  private final ServerSocket door;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong hits = new AtomicLong();
  private volatile LinkState state = LinkState.OPEN;
  private volatile Duration delay = Duration.ZERO;

  /**
   * @param target asked at each connection: it need not be known before
   */
  Proxy(Supplier<InetSocketAddress> target) {
    this.target = target;
    try {
      this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept).start();
  }

  String address() {
    return "127.0.0.1:" + door.getLocalPort();
  }

  /** From now on. The counter of {@link #hits} begins anew. */
  void set(LinkState next, Duration each) {
    hits.set(0);
    delay = each;
    state = next;
    if (next == LinkState.CUT) {
      resetAll();
    }
  }

  /** Passes everything on again; connections that have lost bytes are reset. */
  void open() {
    state = LinkState.OPEN;
    connections.stream().filter(each -> each.hasLost).forEach(Connection::reset);
  }

  /** Resets what is connected; new connections are as good as the link is. */
  void resetAll() {
    connections.forEach(Connection::reset);
  }

  /** What it has spoilt: connections that were reset, answers that were lost, pieces delayed. */
  long hits() {
    return hits.get();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(Connection::reset);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        var caller = door.accept();
        daemon(() -> connect(caller)).start();
      } catch (IOException closed) {
        // Then the loop ends.
      }
    }
  }

  private void connect(Socket caller) {
    var called = new Socket();
    var connection = new Connection(caller, called);
    connections.add(connection);
    if (state == LinkState.CUT) {
      connection.reset();
      return;
    }
    try {
      caller.setTcpNoDelay(true);
      called.setTcpNoDelay(true);
      called.connect(target.get(), CONNECT_MILLIS);
      daemon(() -> connection.pump(called, caller, true)).start();
      connection.pump(caller, called, false);
    } catch (IOException away) {
      connection.end();
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    return thread;
  }

  private final class Connection {
    private final Socket caller;
    private final Socket called;
    private volatile boolean hasLost;

    Connection(Socket caller, Socket called) {
      this.caller = caller;
      this.called = called;
    }

    void pump(Socket from, Socket to, boolean answers) {
      var piece = new byte[PIECE];
      try {
        for (int read = from.getInputStream().read(piece);
            read >= 0;
            read = from.getInputStream().read(piece)) {
          if (passes(answers)) {
            to.getOutputStream().write(piece, 0, read);
          }
        }
      } catch (IOException ended) {
        // One side is gone: so is the connection.
      }
      end();
    }

    private boolean passes(boolean answers) {
      switch (state) {
        case OPEN -> {
          return !hasLost;
        }
        case SLOW -> {
          hits.incrementAndGet();
          LockSupport.parkNanos(delay.toNanos());
          return true;
        }
        case HALF_OPEN -> {
          hits.incrementAndGet();
          hasLost = true;
          return false;
        }
        case RESET -> {
          if (answers) {
            reset();
          }
          return !answers;
        }
        case CUT -> {
          reset();
          return false;
        }
      }
      throw new IllegalStateException(state.toString());
    }

    /** Ends both sides with a reset in place of a proper end. */
    void reset() {
      if (connections.contains(this)) {
        hits.incrementAndGet();
      }
      try {
        caller.setSoLinger(true, 0);
        called.setSoLinger(true, 0);
      } catch (IOException ended) {
        // Closed is closed.
      }
      end();
    }

    private void end() {
      connections.remove(this);
      closeQuietly(caller);
      closeQuietly(called);
    }

    private static void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException ended) {
        // Closed is closed.
      }
    }
  }
}
