package dev.tandem.stack.figures;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackListener;
import dev.tandem.stack.StackSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One arm of the comparison: a whole stack in one mode, with sample customers. */
final class Shop implements AutoCloseable {

  static final int CUSTOMERS = 1_000;

  private static final Pattern VALUE =
      Pattern.compile("\"statistic\":\"COUNT\",\"value\":([0-9.E]+)");

  final String mode;
  private final Stack stack;
  private final Map<String, Long> processes = new TreeMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  Shop(String mode, Path folder) {
    this.mode = mode;
    var settings =
        StackSettings.of(
                Path.of("..").toAbsolutePath().normalize(),
                Map.of(
                    "PATH", System.getenv("PATH"),
                    "TANDEM_HOME", folder.resolve(mode).toString(),
                    "TANDEM_POSTGRESQL_FOLDER", folder.resolve("postgresql").toString(),
                    "TANDEM_PORTS", "free",
                    "TANDEM_DB_INIT_ARGS", "--customers " + CUSTOMERS + " --limit 500"))
            .withModes(mode, mode.equals("besteffort") ? List.of(mode) : List.of());
    this.stack = Stack.tiedToThisJvm(settings, StackListener.SILENT);
    stack.up(true);
    stack.status().parts().forEach(part -> processes.put(part.name(), part.pid()));
  }

  String customerService() {
    return String.valueOf(stack.addresses("customer-service").url());
  }

  /** A connection with the rights of the service that the database belongs to. */
  Connection connect(String name) throws SQLException {
    var database = stack.addresses(name);
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  Map<String, Long> versions() throws SQLException {
    var versions = new TreeMap<String, Long>();
    try (var connection = connect("customer-db");
        var rows =
            connection
                .createStatement()
                .executeQuery("select customer_id::text, version from customer")) {
      while (rows.next()) {
        versions.put(rows.getString(1), rows.getLong(2));
      }
    }
    return versions;
  }

  Spent spent() throws SQLException {
    var cpu = new TreeMap<String, Long>();
    processes.forEach((part, pid) -> cpu.put(part, Cpu.millis(pid)));
    return new Spent(
        forcedBy("customer-db") + forcedBy("order-db"),
        metric(coordinator(), "tandem.xa.log.forces")
            + metric(coordinator(), "tandem.lra.store.writes"),
        metric(customerService(), "http.server.requests")
            + metric(orderService(), "http.server.requests")
            + metric(coordinator(), "http.server.requests"),
        cpu);
  }

  private long forcedBy(String name) throws SQLException {
    try (var connection = connect(name);
        var rows =
            connection
                .createStatement()
                .executeQuery("select sum(fsyncs) from pg_stat_io where object = 'wal'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private String orderService() {
    return String.valueOf(stack.addresses("order-service").url());
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
    } catch (IOException | InterruptedException lost) {
      throw new IllegalStateException("no metrics from " + service, lost);
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
