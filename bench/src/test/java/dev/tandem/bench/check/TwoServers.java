package dev.tandem.bench.check;

import dev.tandem.stack.PartStatus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Both databases, with the tables as db-init makes them; they share one real server. */
final class TwoServers implements AutoCloseable {
  static final String OWNER = "customer";
  static final String COPY = "orders";

  private static final Path MIGRATIONS = Path.of("..", "db-init", "src", "main", "resources", "db");
  // Unpacked once for all tests of this build.
  private static final Path PROGRAMS = Path.of("target", "postgres").toAbsolutePath();

  private final EmbeddedPostgres postgres;
  private final Map<String, Connection> connections = new HashMap<>();

  TwoServers() throws IOException, SQLException {
    postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(PROGRAMS.toFile())
            .setServerConfig("max_prepared_transactions", "10")
            .setServerConfig("track_commit_timestamp", "on")
            .start();
    execute("postgres", "create role customer_service", "create role order_service");
    for (var database : List.of(OWNER, COPY)) {
      execute("postgres", "create database " + database);
      execute(database, migrations(database).toArray(String[]::new));
    }
  }

  private static List<String> migrations(String database) throws IOException {
    try (var files = Files.list(MIGRATIONS.resolve(database))) {
      return files.sorted().map(TwoServers::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  TwoDatabases databases() {
    return databases(Map.of());
  }

  TwoDatabases databases(Map<String, List<String>> leftBehind) {
    return new TwoDatabases(part(OWNER), part(COPY), leftBehind);
  }

  private PartStatus part(String database) {
    return new PartStatus(database, null, true, null, null, url(database), "postgres", "", false);
  }

  void execute(String database, String... statements) throws SQLException {
    try (var statement = connection(database).createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  private Connection connection(String database) throws SQLException {
    var connection = connections.get(database);
    if (connection == null) {
      connection = DriverManager.getConnection(url(database), "postgres", "");
      connections.put(database, connection);
    }
    return connection;
  }

  void empty() throws SQLException {
    execute(
        OWNER, "truncate customer, limit_change, open_change, idempotency_key, anomaly, outbox");
    execute(COPY, "truncate credit_account, orders, limit_change, anomaly");
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
