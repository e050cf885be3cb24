package dev.tandem.stack.figures;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackListener;
import dev.tandem.stack.StackSettings;
import dev.tandem.stack.meters.Meters;
import dev.tandem.stack.meters.Spent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One arm of the comparison: a whole stack in one mode, with sample customers. */
final class Shop implements AutoCloseable {

  static final int CUSTOMERS = 1_000;

  final String mode;
  private final Stack stack;
  private final Meters meters;

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
    this.meters = new Meters(stack);
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
    return meters.read();
  }

  @Override
  public void close() {
    stack.close();
  }
}
