package dev.tandem.stack.meters;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads what each part has counted since its start. Made for parts that run and stay: the counters
 * of one that was started again begin from 0, and its process is another one.
 */
public final class Meters {
  private static final Pattern VALUE =
      Pattern.compile("\"statistic\":\"COUNT\",\"value\":([0-9.E]+)");

  private final Stack stack;
  private final Map<String, Long> processes = new TreeMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /** Every part of the stack must run. */
  public Meters(Stack stack) {
    this.stack = stack;
    for (var part : stack.status().parts()) {
      if (part.pid() != null) {
        processes.put(part.name(), part.pid());
      }
    }
  }

  /** Since the start of each part. */
  public Spent read() throws SQLException {
    var cpu = new TreeMap<String, Long>();
    processes.forEach((part, pid) -> cpu.put(part, Cpu.millis(pid)));
    return new Spent(
        forcedBy("customer-db") + forcedBy("order-db"),
        metric(coordinator(), "tandem.xa.log.forces")
            + metric(coordinator(), "tandem.lra.store.writes"),
        metric(publicUrl("customer-service"), "http.server.requests")
            + metric(publicUrl("order-service"), "http.server.requests")
            + metric(coordinator(), "http.server.requests"),
        cpu);
  }

  private long forcedBy(String name) throws SQLException {
    PartStatus database = stack.addresses(name);
    try (var connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        var rows =
            connection
                .createStatement()
                .executeQuery("select sum(fsyncs) from pg_stat_io where object = 'wal'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private String publicUrl(String service) {
    return String.valueOf(stack.addresses(service).url());
  }

  private String coordinator() {
    return String.valueOf(stack.addresses("tx-coordinator").internalUrl());
  }

  private long metric(String service, String name) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(service + "/actuator/metrics/" + name)).build();
      var matcher = VALUE.matcher(http.send(request, BodyHandlers.ofString()).body());
      return matcher.find() ? (long) Double.parseDouble(matcher.group(1)) : 0;
    } catch (IOException lost) {
      throw new IllegalStateException("no metrics from " + service, lost);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading metrics", interrupted);
    }
  }
}
