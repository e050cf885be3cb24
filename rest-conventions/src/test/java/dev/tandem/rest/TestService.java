package dev.tandem.rest;

import dev.tandem.rest.internal.InternalApi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A small service that lives by the conventions, with both doors open. */
public final class TestService implements AutoCloseable {

  public static final String TOKEN = "the-token-of-the-tests";

  private final HttpClient http = HttpClient.newHttpClient();
  private final int internalPort = freePort();
  private final ConfigurableApplicationContext context;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({Shop.class, Inside.class})
  static class Application {}

  record Amount(@NotNull BigDecimal amount) {}

  record Wish(@NotNull String name, @NotNull @Valid Amount limit, int count, List<String> tags) {}

  @RestController
  static class Shop {
    @PostMapping("/wishes")
    Wish wish(@RequestBody @Valid Wish wish) {
      return wish;
    }

    @PostMapping(path = "/bytes", consumes = "application/octet-stream")
    int bytes(InputStream body) throws IOException {
      return body.readAllBytes().length;
    }

    @PostMapping("/texts")
    int text(@RequestBody Map<String, String> body) {
      return body.size();
    }

    @GetMapping(path = "/numbers", produces = "application/json")
    long number(@RequestParam long of, @RequestHeader(name = "If-Match") String match) {
      return of + match.length();
    }

    @GetMapping("/failures")
    String failure() {
      throw new IllegalStateException("secret of the inside");
    }

    @GetMapping("/busy")
    String busy() {
      throw ApiProblem.tryAgain("busy", "Come again.", java.time.Duration.ofSeconds(3))
          .with("changeId", "c1");
    }
  }

  @InternalApi
  @RestController
  static class Inside {
    @PostMapping("/internal/thing")
    String thing() {
      return "done";
    }
  }

  public TestService(Map<String, Object> more) {
    var settings = new HashMap<String, Object>();
    settings.put("server.port", 0);
    settings.put("server.address", "127.0.0.1");
    settings.put("tandem.internal.port", internalPort);
    settings.put("tandem.internal.token", TOKEN);
    settings.put("spring.main.banner-mode", "off");
    settings.put("logging.level.root", "off");
    settings.putAll(more);
    context = new SpringApplicationBuilder(Application.class).properties(settings).run();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public int publicPort() {
    return Integer.parseInt(context.getEnvironment().getProperty("local.server.port"));
  }

  public URI publicly(String path) {
    return URI.create("http://127.0.0.1:" + publicPort() + path);
  }

  public URI internally(String path) {
    return URI.create("http://127.0.0.1:" + internalPort + path);
  }

  /** What the internal listener is bound to. */
  public InetAddress internalAddress() {
    var server = (TomcatWebServer) ((ServletWebServerApplicationContext) context).getWebServer();
    return Arrays.stream(server.getTomcat().getService().findConnectors())
        .filter(connector -> connector.getPort() == internalPort)
        .map(connector -> (AbstractHttp11Protocol<?>) connector.getProtocolHandler())
        .map(AbstractHttp11Protocol::getAddress)
        .findFirst()
        .orElseThrow();
  }

  public HttpResponse<String> post(String path, String type, String body) {
    return send(
        HttpRequest.newBuilder(publicly(path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What comes back for exactly these bytes, which no proper client would send. */
  public String raw(String request) {
    try (var socket = new Socket("127.0.0.1", publicPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
