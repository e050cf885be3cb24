package dev.tandem.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
  private static final int READ_LIMIT_MILLIS = 300;

  private final AtomicInteger heard = new AtomicInteger();
  private ServerSocket echo;
  private Proxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::serve);
    proxy = new Proxy(() -> new InetSocketAddress(echo.getInetAddress(), echo.getLocalPort()));
  }

  @AfterEach
  void leaveNothing() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void anOpenLinkPassesEverythingOn() throws IOException {
    try (var client = connect()) {
      assertThat(call(client, 7)).isEqualTo(7);
      assertThat(call(client, 8)).isEqualTo(8);
    }
    assertThat(proxy.hits()).isZero();
  }

  @Test
  void aSlowLinkDelaysEachWay() throws IOException {
    try (var client = connect()) {
      client.setSoTimeout(2_000);
      call(client, 1);
      proxy.set(LinkState.SLOW, Duration.ofMillis(100));
      long began = System.nanoTime();
      assertThat(call(client, 2)).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(Duration.ofMillis(200));
      assertThat(proxy.hits()).isEqualTo(2);
      proxy.open();
      began = System.nanoTime();
      call(client, 3);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(200));
    }
  }

  @Test
  void aCutLinkResetsWhatIsConnectedAndWhatConnects() throws IOException {
    try (var before = connect()) {
      call(before, 1);
      proxy.set(LinkState.CUT, Duration.ZERO);
      assertThatThrownBy(() -> call(before, 2)).isInstanceOf(IOException.class);
    }
    try (var after = connect()) {
      assertThatThrownBy(() -> call(after, 3)).isInstanceOf(IOException.class);
    } catch (SocketException resetAtOnce) {
      // As good.
    }
    assertThat(heard).hasValue(1);
    assertThat(proxy.hits()).isGreaterThanOrEqualTo(1);
    proxy.open();
    try (var healed = connect()) {
      assertThat(call(healed, 4)).isEqualTo(4);
    }
  }

  @Test
  void aHalfOpenLinkTakesEverythingAndPassesNothingOn() throws IOException {
    try (var client = connect()) {
      call(client, 1);
      proxy.set(LinkState.HALF_OPEN, Duration.ZERO);
      assertThatThrownBy(() -> call(client, 2)).isInstanceOf(SocketTimeoutException.class);
      assertThat(heard).hasValue(1);
      proxy.open();
      assertThatThrownBy(() -> call(client, 3)).isInstanceOf(IOException.class);
    }
    try (var healed = connect()) {
      assertThat(call(healed, 4)).isEqualTo(4);
    }
  }

  @Test
  void aResetLinkPassesTheRequestOnAndLosesTheAnswer() throws IOException {
    try (var client = connect()) {
      call(client, 1);
      proxy.set(LinkState.RESET, Duration.ZERO);
      assertThatThrownBy(() -> call(client, 2)).isInstanceOf(IOException.class);
    }
    assertThat(heard).hasValue(2);
    assertThat(proxy.hits()).isEqualTo(1);
  }

  private Socket connect() throws IOException {
    var address = proxy.address().split(":");
    var socket = new Socket(address[0], Integer.parseInt(address[1]));
    socket.setSoTimeout(READ_LIMIT_MILLIS);
    return socket;
  }

  /** What comes back. */
  private static int call(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    int answer = socket.getInputStream().read();
    if (answer < 0) {
      throw new IOException("closed");
    }
    return answer;
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        var socket = echo.accept();
        daemon(() -> answer(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      for (int value = socket.getInputStream().read();
          value >= 0;
          value = socket.getInputStream().read()) {
        heard.incrementAndGet();
        socket.getOutputStream().write(value);
      }
    } catch (IOException ended) {
      // So it is.
    }
  }

  private static void daemon(Runnable work) {
    var thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
  }
}
