package dev.tandem.customer;

import com.sun.net.httpserver.HttpServer;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.LimitOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real service on real ports and a real database; started once for all tests. */
final class RunningService implements ParameterResolver, BeforeEachCallback {

  static final String TOKEN = "a-token-for-tests-only";

  static {
    // Most of what is waited for has happened by then: not a tenth of a second each time.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  /** What the service answered. */
  record Answer(int status, Map<String, String> headers, JsonNode body) {

    String code() {
      return body.path("code").asString("");
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
    }

    String field() {
      return body.path("errors").path(0).path("field").asString("");
    }
  }

  /** The service with all that it needs. */
  static final class Service implements AutoCloseable {

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = CustomerDatabase.freePort();
    private final int internalPort = CustomerDatabase.freePort();
    private final HttpServer orderService;
    private final ConfigurableApplicationContext context;

    /** What order-service says of a change: a state, or {@code away}. */
    final Map<String, String> copySays = new ConcurrentHashMap<>();

    final CustomerDatabase database = new CustomerDatabase();
    final ModeOnStage mode;
    final ModeOnStage understudy;

    Service() {
      this(Map.of());
    }

    /** With these settings more, or instead. */
    Service(Map<String, String> more) {
      this(more, UnaryOperator.identity());
    }

    /** With the database at another address. */
    Service(Map<String, String> more, UnaryOperator<String> way) {
      orderService = copyThatKnows(copySays);
      var settings = new TreeMap<String, String>();
      settings.put("server.port", String.valueOf(port));
      settings.put("tandem.internal.port", String.valueOf(internalPort));
      settings.put("tandem.internal.token", TOKEN);
      settings.put("tandem.consistency.mode", ModeOnStage.NAME);
      settings.put("tandem.consistency.enabled", ModeOnStage.NAME);
      settings.put("spring.datasource.password", CustomerDatabase.PASSWORD);
      settings.put("spring.datasource.url", way.apply(database.url()));
      settings.put(
          "tandem.services.order-service.url",
          "http://127.0.0.1:" + orderService.getAddress().getPort());
      settings.putAll(more);
      context =
          new SpringApplicationBuilder(CustomerService.class, Stage.class)
              .run(
                  settings.entrySet().stream()
                      .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                      .toArray(String[]::new));
      mode = context.getBean("modeOnStage", ModeOnStage.class);
      understudy = context.getBean("understudy", ModeOnStage.class);
    }

    <T> T bean(Class<T> type) {
      return context.getBean(type);
    }

    Answer get(String path, String... headers) {
      return send("GET", port, path, BodyPublishers.noBody(), headers);
    }

    Answer internal(String path, String... headers) {
      return send("GET", internalPort, path, BodyPublishers.noBody(), headers);
    }

    Answer internalPost(String path, String body, String... headers) {
      return send("POST", internalPort, path, BodyPublishers.ofString(body), headers);
    }

    Answer post(String path, String body, String... headers) {
      return send("POST", port, path, BodyPublishers.ofString(body), headers);
    }

    Answer put(String path, String body, String... headers) {
      return send("PUT", port, path, BodyPublishers.ofString(body), headers);
    }

    Answer send(String method, int toPort, String path, BodyPublisher body, String... headers) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path))
              .setHeader("Content-Type", "application/json")
              .method(method, body);
      for (int i = 0; i < headers.length; i += 2) {
        request.setHeader(headers[i], headers[i + 1]);
      }
      try {
        return toAnswer(http.send(request.build(), BodyHandlers.ofByteArray()));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException stop) {
        throw new IllegalStateException(stop);
      }
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
      return send(method, port, path, body, headers);
    }

    /** A new customer's path. */
    String customer(String limit) {
      var created =
          post("/customers", "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":" + limit + "}}");
      if (created.status() != 201) {
        throw new AssertionError("no customer was created: " + created);
      }
      return created.header("Location");
    }

    private Answer toAnswer(HttpResponse<byte[]> response) {
      var headers = new ConcurrentHashMap<String, String>();
      response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
      var type = headers.getOrDefault("content-type", "");
      var body =
          type.contains("json")
              ? json.readTree(response.body())
              : json.getNodeFactory()
                  .stringNode(new String(response.body(), StandardCharsets.UTF_8));
      return new Answer(response.statusCode(), headers, body);
    }

    private static HttpServer copyThatKnows(Map<String, String> says) {
      try {
        var server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
            "/internal/limit-changes/",
            exchange -> {
              var path = exchange.getRequestURI().getPath();
              var id = path.substring(path.lastIndexOf('/') + 1);
              var state = says.getOrDefault(id, "unknown");
              var answer =
                  state.equals("unknown")
                      ? "{\"changeId\":\"%s\",\"state\":\"%s\"}"
                      : "{\"changeId\":\"%s\",\"state\":\"%s\",\"recordedAt\":\"2026-01-01T00:00:00Z\"}";
              var bytes = answer.formatted(id, state).getBytes(StandardCharsets.UTF_8);
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(state.equals("away") ? 503 : 200, bytes.length);
              exchange.getResponseBody().write(bytes);
              exchange.close();
            });
        server.start();
        return server;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      context.close();
      orderService.stop(0);
      database.close();
    }
  }

  static class Stage {

    @Bean
    @Primary
    ModeOnStage modeOnStage(
        LimitOwner owner, ChangeRows rows, PlatformTransactionManager transactions) {
      return new ModeOnStage(ModeOnStage.NAME, owner, rows, transactions);
    }

    @Bean
    ModeOnStage understudy(
        LimitOwner owner, ChangeRows rows, PlatformTransactionManager transactions) {
      return new ModeOnStage(ModeOnStage.UNDERSTUDY, owner, rows, transactions);
    }

    @Bean
    ModeOnStage extra(LimitOwner owner, ChangeRows rows, PlatformTransactionManager transactions) {
      return new ModeOnStage(ModeOnStage.EXTRA, owner, rows, transactions);
    }
  }

  private static Service service(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(Service.class, key -> new Service(), Service.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    service(context).mode.reset();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Service.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return service(context);
  }
}
