package dev.tandem.stack.figures;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.HdrHistogram.Histogram;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Clients that change limits one after the other, each those of its own customers, so that {@code
 * If-Match} always fits. Latency is that of the closed loop: a slow answer delays the next call and
 * is not counted twice.
 */
final class ClosedLoop {

  /** What one window gave. */
  record Window(long changes, long failures, Duration length, Histogram micros) {
    double perSecond() {
      return changes / (length.toNanos() / 1e9);
    }
  }

  private final String url;
  private final Map<String, Long> versions;
  private final int clients;

  ClosedLoop(String url, Map<String, Long> versions, int clients) {
    this.url = url;
    this.versions = versions;
    this.clients = clients;
  }

  Window run(Duration length) throws Exception {
    var pool = Executors.newFixedThreadPool(clients);
    try (var http =
        HttpClients.custom()
            .disableAutomaticRetries()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(clients)
                    .setMaxConnTotal(clients)
                    .build())
            .build()) {
      long until = System.nanoTime() + length.toNanos();
      var tasks = new ArrayList<Callable<Window>>();
      for (int client = 0; client < clients; client++) {
        var mine = share(client);
        tasks.add(() -> loop(http, mine, until));
      }
      var total = new Window(0, 0, length, new Histogram(3));
      for (var done : pool.invokeAll(tasks)) {
        var part = done.get();
        total.micros().add(part.micros());
        total =
            new Window(
                total.changes() + part.changes(),
                total.failures() + part.failures(),
                length,
                total.micros());
      }
      return total;
    } finally {
      pool.shutdownNow();
    }
  }

  private List<String> share(int client) {
    var all = versions.keySet().stream().sorted().toList();
    var mine = new ArrayList<String>();
    for (int i = client; i < all.size(); i += clients) {
      mine.add(all.get(i));
    }
    return mine;
  }

  private Window loop(CloseableHttpClient http, List<String> mine, long until) throws IOException {
    var micros = new Histogram(3);
    long changes = 0;
    long failures = 0;
    for (int i = 0; System.nanoTime() < until; i++) {
      var customer = mine.get(i % mine.size());
      long started = System.nanoTime();
      int status = change(http, customer, 500 + i % 100);
      micros.recordValue((System.nanoTime() - started) / 1_000);
      if (status == 200) {
        changes++;
        versions.merge(customer, 1L, Long::sum);
      } else {
        failures++;
        versions.put(customer, version(http, customer)); // it may have taken place all the same
      }
    }
    return new Window(changes, failures, Duration.ZERO, micros);
  }

  private long version(CloseableHttpClient http, String customer) throws IOException {
    return http.execute(
        new HttpGet(url + "/customers/" + customer),
        response -> {
          EntityUtils.consume(response.getEntity());
          return Long.parseLong(response.getHeader("ETag").getValue().replace("\"", ""));
        });
  }

  private int change(CloseableHttpClient http, String customer, int amount) throws IOException {
    var put = new HttpPut(url + "/customers/" + customer + "/creditlimit");
    put.setHeader("If-Match", "\"" + versions.get(customer) + "\"");
    put.setEntity(new StringEntity("{\"amount\":" + amount + "}", ContentType.APPLICATION_JSON));
    return http.execute(
        put,
        response -> {
          EntityUtils.consume(response.getEntity());
          return response.getCode();
        });
  }
}
