package dev.tandem.dbinit;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real server of our own that asks for passwords, which the embedded one does not by itself. */
final class TestServer implements AutoCloseable {
  static final String ADMIN = "postgres";
  static final String ADMIN_PASSWORD = "of the admin";
  static final Map<String, String> GOOD_SETTINGS =
      Map.of(
          "max_prepared_transactions", "100",
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on");

  // unpacked once for all servers of this build
  private static final Path BINARIES = Path.of("target", "postgres").toAbsolutePath();

  private final Path folder;
  private final EmbeddedPostgres postgres;

  TestServer() {
    this(GOOD_SETTINGS, 0, true);
  }

  /** On a free port if the port is 0; without passwords it trusts everybody. */
  TestServer(Map<String, String> settings, int port, boolean passwords) {
    try {
      folder = Files.createTempDirectory("db-init");
      var builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(BINARIES.toFile())
              .setPort(port)
              .setDataDirectory(folder.resolve("data"));
      settings.forEach(builder::setServerConfig);
      postgres = builder.start();
      if (passwords) {
        askForPasswords();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void askForPasswords() throws IOException, SQLException {
    Files.writeString(
        folder.resolve("data/pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
    try (var connection = postgres.getPostgresDatabase().getConnection()) {
      Sql.run(connection, "alter role postgres password '" + ADMIN_PASSWORD + "'");
      Sql.value(connection, "select pg_reload_conf()");
    }
    // the reload is announced, not awaited: until it has happened any password will do
    await().until(() -> !takes("a wrong password"));
  }

  private boolean takes(String password) {
    try (var connection = connect("postgres", ADMIN, password)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  int port() {
    return postgres.getPort();
  }

  String url() {
    return url("postgres");
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
  }

  void execute(String database, String sql) throws SQLException {
    try (var connection = admin(database)) {
      Sql.run(connection, sql);
    }
  }

  List<String> column(String database, String query) throws SQLException {
    try (var connection = admin(database)) {
      return Sql.column(connection, query);
    }
  }

  String value(String database, String query) throws SQLException {
    try (var connection = admin(database)) {
      return Sql.value(connection, query);
    }
  }

  /** As if nobody had ever been here. */
  void forget() throws SQLException {
    try (var connection = admin("postgres")) {
      for (var database : Databases.values()) {
        Sql.run(connection, "drop database if exists %s with (force)", database.database());
      }
      for (var database : Databases.values()) {
        Sql.run(connection, "drop role if exists %s, %s", database.owner(), database.runtime());
      }
    }
  }

  Connection admin(String database) throws SQLException {
    return connect(database, ADMIN, ADMIN_PASSWORD);
  }

  Connection connect(String database, String user, String password) throws SQLException {
    return DriverManager.getConnection(url(database), user, password);
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
