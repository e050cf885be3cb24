package dev.tandem.mode;

import dev.tandem.dbinit.Databases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A small service around the rooms: one side's tables, both doors, and somebody who listens. */
public final class TestApp implements AutoCloseable {

  public static final String TOKEN = "the-token-of-the-tests";

  private final HttpClient http = HttpClient.newHttpClient();
  private final int internalPort = freePort();
  private final ConfigurableApplicationContext context;

  /** The side of order-service. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  public static class CopySide {
    @Bean
    TestCopy copy(JdbcClient jdbc) {
      return new TestCopy(jdbc);
    }

    @Bean
    Heard heard() {
      return new Heard();
    }
  }

  /** The side of customer-service. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  public static class OwnerSide {
    @Bean
    TestOwner owner(JdbcClient jdbc) {
      return new TestOwner(jdbc);
    }

    @Bean
    Heard heard() {
      return new Heard();
    }
  }

  public TestApp(Class<?> side, Databases database, Map<String, Object> more) {
    var settings = new HashMap<String, Object>();
    settings.put("server.port", 0);
    settings.put("server.address", "127.0.0.1");
    settings.put("tandem.internal.port", internalPort);
    settings.put("tandem.internal.token", TOKEN);
    settings.put("spring.datasource.url", TestDatabases.url(database));
    settings.put("spring.datasource.username", database.runtime());
    settings.put("spring.datasource.password", TestDatabases.password());
    settings.put("spring.datasource.hikari.connection-timeout", 1_000);
    settings.put("spring.main.banner-mode", "off");
    settings.put("logging.level.root", "error");
    settings.put("tandem.consistency.enabled", "xa");
    settings.putAll(more);
    if (database == Databases.CUSTOMER) { // the server is shared; this app begins with its setting
      TestDatabases.asAdmin(database).sql("delete from consistency_mode").update();
      if (!settings.get("tandem.consistency.enabled").equals("event")) { // nobody would send them
        TestDatabases.asAdmin(database).sql("delete from outbox").update();
      }
    }
    context = new SpringApplicationBuilder(side).properties(settings).run();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public URI publicly(String path) {
    return URI.create(
        "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
  }

  public URI internally(String path) {
    return URI.create("http://127.0.0.1:" + internalPort + path);
  }

  /** A request to the internal listener, with the token. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(internally(path)).header("Authorization", "Bearer " + TOKEN);
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  public HttpResponse<String> post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
