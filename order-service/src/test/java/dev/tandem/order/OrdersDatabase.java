package dev.tandem.order;

import dev.tandem.dbinit.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A real PostgreSQL server with the orders database, that can go away and come back. */
final class OrdersDatabase implements AutoCloseable {

  static final String USER = "order_service";
  static final String PASSWORD = "of the service";

  private final Path folder;
  private EmbeddedPostgres server;

  OrdersDatabase() {
    try {
      folder = Files.createTempDirectory("orders-db");
      server = settings().start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Databases.ORDERS.initialise(url("postgres"), "postgres", "", "of the owner", PASSWORD);
  }

  private EmbeddedPostgres.Builder settings() {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setServerConfig("max_prepared_transactions", "100")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on");
  }

  String url() {
    return url(Databases.ORDERS.database());
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
  }

  /** As the administrator, to look and to lie. */
  JdbcClient admin() {
    return JdbcClient.create(new DriverManagerDataSource(url(), "postgres", ""));
  }

  /** Takes the server away; it comes back on the same port when the outage is closed. */
  AutoCloseable outage() throws IOException {
    int port = server.getPort();
    server.close();
    return () -> server = settings().setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
    }
  }
}
