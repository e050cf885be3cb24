package dev.tandem.customer;

import dev.tandem.dbinit.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** A real PostgreSQL server, set up by db-init, that can go away and come back. */
final class CustomerDatabase implements AutoCloseable {

  static final String PASSWORD = "only-for-tests";

  private final Path data;
  private final int port = freePort();
  private EmbeddedPostgres server;

  CustomerDatabase() {
    try {
      data = Files.createTempDirectory("customer-db");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    comeBack();
    Databases.CUSTOMER.initialise(
        adminUrl("postgres"), "postgres", "", PASSWORD + "-owner", PASSWORD);
  }

  String url() {
    return adminUrl(Databases.CUSTOMER.database());
  }

  /** The database as its administrator sees it. */
  JdbcClient sql() {
    return JdbcClient.create(server.getDatabase("postgres", Databases.CUSTOMER.database()));
  }

  /** Runs the statements one after the other on one connection. */
  void inOneSession(String... statements) {
    try (var connection =
            server.getDatabase("postgres", Databases.CUSTOMER.database()).getConnection();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  void goAway() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  void comeBack() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(Path.of("target", "postgres").toFile())
              .setDataDirectory(data.resolve("data"))
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("max_prepared_transactions", "100")
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    goAway();
    try {
      FileSystemUtils.deleteRecursively(data);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String adminUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
