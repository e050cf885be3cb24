package dev.tandem.dbinit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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

  private final Path folder;
  private final EmbeddedPostgres postgres;

  TestServer() {
    this(GOOD_SETTINGS);
  }

  TestServer(Map<String, String> settings) {
    try {
      folder = Files.createTempDirectory("db-init");
      var builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
              .setDataDirectory(folder.resolve("data"));
      settings.forEach(builder::setServerConfig);
      postgres = builder.start();
      askForPasswords();
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
  }

  String url() {
    return url("postgres");
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
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
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
    }
  }
}
