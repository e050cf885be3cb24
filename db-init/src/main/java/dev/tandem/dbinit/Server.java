package dev.tandem.dbinit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** One PostgreSQL server, as its administrator sees it. */
record Server(String name, String url, String user, String password) {
  private static final Duration LOGIN = Duration.ofSeconds(5);
  // Tables of a running shop may be locked, by a branch in doubt even for long: say so rather than
  // hang.
  private static final String OWNER_OPTIONS = "-c lock_timeout=10s";

  Server {
    parse(url);
  }

  /**
   * The data source does the reading: it lets user and database be set without touching the URL's
   * text.
   */
  private static PGSimpleDataSource parse(String url) {
    try {
      var source = new PGSimpleDataSource();
      source.setUrl(url);
      return source;
    } catch (IllegalArgumentException e) {
      throw new DbInitFailed(
          DbInitFailed.Reason.USAGE,
          "'"
              + url
              + "' is no PostgreSQL address: it looks like jdbc:postgresql://host:5432/postgres",
          e);
    }
  }

  private static PGSimpleDataSource source(
      String url, String user, String password, Duration login) {
    var source = parse(url);
    source.setUser(user);
    source.setPassword(password);
    // whole seconds, and 0 would be for ever
    source.setLoginTimeout(Math.max(1, (int) login.toSeconds()));
    source.setApplicationName("tandem db-init");
    return source;
  }

  Connection connect() throws SQLException {
    return connect(LOGIN);
  }

  /**
   * As the administrator. A server that accepts and then says nothing is given up after the time.
   */
  Connection connect(Duration login) throws SQLException {
    return source(url, user, password, login).getConnection();
  }

  /** For the owner of a database, whose sessions never wait long for a lock. */
  PGSimpleDataSource database(String database, String user, String password) {
    var source = source(url, user, password, LOGIN);
    source.setDatabaseName(database);
    source.setOptions(OWNER_OPTIONS);
    return source;
  }

  /** For messages: the name, and where it is. */
  String address() {
    var source = parse(url);
    return name + " (" + source.getServerNames()[0] + ":" + port(source) + ")";
  }

  private static int port(PGSimpleDataSource source) {
    int port = source.getPortNumbers()[0];
    return port == 0 ? 5432 : port;
  }

  DbInitFailed failed(String doing, SQLException cause) {
    return DbInitFailed.of(address(), doing, cause);
  }
}
