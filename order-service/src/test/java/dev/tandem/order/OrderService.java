package dev.tandem.order;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.VersionedLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole order-service, running, and what a test says to it. */
final class OrderService implements AutoCloseable {

  static final String TOKEN = "a-token-of-the-tests";

  static {
    // Most of what is waited for has happened by then: not a tenth of a second each time.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  /** What it answered. */
  record Answer(int status, HttpHeaders headers, JsonNode body, Duration took) {

    String text(String path) {
      return body.at("/" + path.replace('.', '/')).asString(null);
    }

    String header(String name) {
      return headers.firstValue(name).orElse(null);
    }
  }

  private static final JsonMapper json = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ConfigurableApplicationContext context;
  private final int internalPort = freePort();

  OrderService(OrdersDatabase database, Owner owner, String... settings) {
    var all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--tandem.internal.port=" + internalPort,
                "--tandem.internal.token=" + TOKEN,
                "--tandem.services.customer-service.url=" + owner.url(),
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + OrdersDatabase.USER,
                "--spring.datasource.password=" + OrdersDatabase.PASSWORD,
                "--spring.main.banner-mode=off"));
    all.addAll(List.of(settings));
    context =
        new SpringApplicationBuilder(OrderServiceApplication.class).run(all.toArray(String[]::new));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  String url(String path) {
    int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
    return "http://127.0.0.1:" + port + path;
  }

  String internalUrl(String path) {
    return "http://127.0.0.1:" + internalPort + path;
  }

  Answer get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url(path))));
  }

  Answer post(String path, String body, String... headers) {
    return send(
        with(HttpRequest.newBuilder(URI.create(url(path))), "Content-Type", "application/json")
            .method("POST", HttpRequest.BodyPublishers.ofString(body)),
        headers);
  }

  Answer internal(String method, String path, String body, String... headers) {
    return send(
        HttpRequest.newBuilder(URI.create(internalUrl(path)))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)),
        headers);
  }

  Answer send(HttpRequest.Builder request, String... headers) {
    var began = System.nanoTime();
    try {
      var response =
          http.send(
              with(request, headers).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString());
      var took = Duration.ofNanos(System.nanoTime() - began);
      return new Answer(response.statusCode(), response.headers(), parse(response.body()), took);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static JsonNode parse(String body) {
    return body.startsWith("{") ? json.readTree(body) : json.createObjectNode();
  }

  Answer place(UUID customer, String amount, String... headers) {
    return post("/orders", order(customer, amount), headers);
  }

  static String order(UUID customer, String amount) {
    return "{\"customerId\":\"%s\",\"orderTotal\":{\"amount\":\"%s\"}}".formatted(customer, amount);
  }

  Answer cancel(String order) {
    return post("/orders/" + order + "/cancel", "");
  }

  Answer credit(UUID customer) {
    return get("/customers/" + customer + "/credit");
  }

  /** A customer whose first limit has reached the copy. */
  UUID customerWithLimit(String limit) {
    var customer = UUID.randomUUID();
    take(customer, limit, 1);
    return customer;
  }

  void take(UUID customer, String limit, long version) {
    take(versioned(ChangeId.random(), customer, limit, version), true);
  }

  void take(VersionedLimit limit, boolean mayRefuse) {
    new TransactionTemplate(bean(PlatformTransactionManager.class))
        .executeWithoutResult(status -> bean(LimitCopy.class).take(limit, mayRefuse));
  }

  static VersionedLimit versioned(ChangeId change, UUID customer, String limit, long version) {
    var kind = version == 1 ? CreditLimitChange.Kind.CREATE : CreditLimitChange.Kind.CHANGE;
    return new VersionedLimit(
        change,
        new CustomerId(customer),
        kind,
        CreditLimit.of(limit),
        version,
        "xa",
        Instant.parse("2026-11-22T10:00:00Z"));
  }

  /** Leaves the change prepared in the database, as if its coordinator were gone. */
  String prepare(ChangeId change, UUID customer, String limit, long version) {
    var branch = newBranch(change);
    var answer = work(branch, change, customer, limit, version);
    if (answer.status() != 200) {
      throw new IllegalStateException("not prepared: " + answer);
    }
    return branch;
  }

  /** What is said to the work of a branch of its own. */
  Answer work(ChangeId change, UUID customer, String limit, long version) {
    return work(newBranch(change), change, customer, limit, version);
  }

  private static String newBranch(ChangeId change) {
    return "xa1:test1:" + UUID.randomUUID().toString().substring(0, 8) + ":" + change;
  }

  private Answer work(String branch, ChangeId change, UUID customer, String limit, long version) {
    var body = json.writeValueAsString(versioned(change, customer, limit, version));
    return internal(
        "PUT", "/internal/xa/work", body, "Xid", branch, "Tandem-Remaining-Millis", "5000");
  }

  void commit(String branch) {
    end(branch, "commit");
  }

  void rollback(String branch) {
    end(branch, "rollback");
  }

  private void end(String branch, String verb) {
    var answer = internal("POST", "/internal/xa/branches/" + branch + "/" + verb, "");
    if (answer.status() != 200) {
      throw new IllegalStateException("no " + verb + ": " + answer);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
