package dev.tandem.mode;

import dev.tandem.dbinit.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Both databases of Tandem, on one real server that all tests of this module share. */
public final class TestDatabases {

  private static final String PASSWORD = "of the tests";
  private static final EmbeddedPostgres SERVER = start();

  static {
    // Most of what is waited for has happened by then: not a tenth of a second each time.
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
  }

  private TestDatabases() {}

  /** Ends with this process, by a hook that the embedded server sets itself. */
  private static EmbeddedPostgres start() {
    try {
      var server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(Path.of("target", "postgres").toAbsolutePath().toFile())
              .setServerConfig("max_prepared_transactions", "100")
              .start();
      for (var database : Databases.values()) {
        database.initialise(
            "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres",
            "postgres",
            "",
            PASSWORD,
            PASSWORD);
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int port() {
    return SERVER.getPort();
  }

  public static String url(Databases database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database.database();
  }

  public static String password() {
    return PASSWORD;
  }

  /** As the service's role; every statement commits by itself, on a connection of its own. */
  public static JdbcClient asService(Databases database) {
    return JdbcClient.create(
        new DriverManagerDataSource(url(database), database.runtime(), PASSWORD));
  }

  /** As the administrator, likewise. */
  public static JdbcClient asAdmin(Databases database) {
    return JdbcClient.create(new DriverManagerDataSource(url(database), "postgres", ""));
  }

  /** A connection with an open transaction, for a lock that somebody else holds. */
  public static Connection open(Databases database) throws SQLException {
    var connection = DriverManager.getConnection(url(database), "postgres", "");
    connection.setAutoCommit(false);
    return connection;
  }

  /** The names of everything that is prepared in that database. */
  public static List<String> prepared(Databases database) {
    return asAdmin(database)
        .sql("select gid from pg_prepared_xacts where database = current_database()")
        .query(String.class)
        .list();
  }

  /** What an interrupted test left prepared must not stand in the way of the next one. */
  public static void rollBackWhatIsPrepared() {
    for (var database : Databases.values()) {
      prepared(database)
          .forEach(gid -> asAdmin(database).sql("rollback prepared '" + gid + "'").update());
    }
  }
}
