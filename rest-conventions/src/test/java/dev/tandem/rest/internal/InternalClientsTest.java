package dev.tandem.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.rest.TestService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

/** How one part calls another: once, soon given up, over connections that stay. */
class InternalClientsTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Integer> callersPorts = ConcurrentHashMap.newKeySet();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private TestService service;
  private RestClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    service =
        new TestService(
            Map.of(
                "tandem.services.other.url", "http://127.0.0.1:" + server.getAddress().getPort()));
    client = clientThatWaits(LONG);
  }

  @AfterEach
  void stop() {
    closing.countDown();
    server.stop(0);
    threads.shutdown();
    service.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().equals("/gone-in-the-middle")) {
        return; // resets the connection: what was sent has not been read
      }
      exchange.getRequestBody().readAllBytes();
      requests.add(exchange.getRequestMethod());
      callersPorts.add(exchange.getRemoteAddress().getPort());
      tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
      switch (exchange.getRequestURI().getPath()) {
        case "/busy" -> {
          exchange.getResponseHeaders().set("Retry-After", "0");
          exchange.sendResponseHeaders(503, -1);
        }
        case "/broken" -> {
          return; // closes the connection without an answer
        }
        case "/moved" -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(307, -1);
        }
        case "/silent" -> closing.await();
        default -> exchange.sendResponseHeaders(204, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCallIsSentOnceWhateverBecomesOfIt() {
    for (var method : List.of(HttpMethod.PUT, HttpMethod.POST, HttpMethod.GET)) {
      requests.clear();
      assertThatThrownBy(() -> call(method, "/busy"))
          .isInstanceOf(RestClientResponseException.class);
      assertThatThrownBy(() -> call(method, "/broken")).isInstanceOf(ResourceAccessException.class);
      call(method, "/moved");
      assertThat(requests).containsExactly(method.name(), method.name(), method.name());
    }
  }

  @Test
  void aConnectionIsUsedAgainAndAgainAlsoByAnotherClient() {
    for (int i = 0; i < 20; i++) {
      call(HttpMethod.PUT, "/good");
    }
    client = clientThatWaits(Duration.ofSeconds(9));
    call(HttpMethod.POST, "/good");
    assertThat(callersPorts).hasSize(1);
  }

  @Test
  void everyCallCarriesTheToken() {
    call(HttpMethod.GET, "/good");
    assertThat(tokens).containsOnly("Bearer " + TestService.TOKEN);
  }

  @Test
  void aPartThatSaysNothingIsGivenUpInTime() {
    call(HttpMethod.PUT, "/good"); // the first call of all loads half of the client
    requests.clear();
    client = clientThatWaits(Duration.ofMillis(400));
    long started = System.nanoTime();
    assertThatThrownBy(() -> call(HttpMethod.PUT, "/silent"))
        .isInstanceOf(ResourceAccessException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .as("its own limit, not that of another client of the same part")
        .isBetween(Duration.ofMillis(350), LONG.minusSeconds(1));
    await().until(() -> !requests.isEmpty()); // it may read what it was sent later than that
    assertThat(requests).hasSize(1);
  }

  @Test
  void aPartThatGoesAwayWhileItIsToldSomethingIsAway() {
    var moreThanTheSocketsHold = Map.of("a", "x".repeat(32 << 20));
    assertThatThrownBy(
            () ->
                client
                    .put()
                    .uri("/gone-in-the-middle")
                    .body(moreThanTheSocketsHold)
                    .retrieve()
                    .toBodilessEntity())
        .isInstanceOf(ResourceAccessException.class);
  }

  @Test
  void aPartThatIsGoneIsRefusedAtOnce() {
    server.stop(0);
    assertThatThrownBy(() -> call(HttpMethod.PUT, "/good"))
        .isInstanceOf(ResourceAccessException.class)
        .hasRootCauseInstanceOf(java.net.ConnectException.class);
  }

  private RestClient clientThatWaits(Duration answerWithin) {
    return service.bean(InternalClients.class).forService("other", answerWithin);
  }

  private void call(HttpMethod method, String path) {
    var request = client.method(method).uri(path);
    if (!method.equals(HttpMethod.GET)) {
      request.body(Map.of("a", 1));
    }
    request.retrieve().toBodilessEntity();
  }
}
