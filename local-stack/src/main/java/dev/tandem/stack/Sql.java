package dev.tandem.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Properties;
import java.util.Set;

/**
 * The launcher's few questions to the servers, as their administrator; each waits for two seconds
 * at most.
 */
final class Sql {
  private static final String LIMIT_SECONDS = "2";

  private Sql() {}

  static boolean answers(DatabaseServer server, String database) {
    try (var connection = connect(server, database)) {
      return connection.isValid(Integer.parseInt(LIMIT_SECONDS));
    } catch (SQLException away) {
      return false;
    }
  }

  /**
   * The global transactions that have a prepared branch on this server. Empty, too, when it does
   * not answer.
   */
  static Set<String> transactionsPreparedOn(DatabaseServer server) {
    // The second part of a branch's name is its transaction: docs/internal-protocol.md.
    var query =
        "SELECT DISTINCT split_part(gid, ':', 2) FROM pg_prepared_xacts WHERE gid LIKE 'xa1:%'";
    try (var connection = connect(server, "postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var found = new LinkedHashSet<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException away) {
      return Set.of();
    }
  }

  private static Connection connect(DatabaseServer server, String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", server.adminUser());
    properties.setProperty("password", server.adminPassword());
    properties.setProperty("connectTimeout", LIMIT_SECONDS);
    properties.setProperty("socketTimeout", LIMIT_SECONDS);
    properties.setProperty("ApplicationName", "tandem");
    return DriverManager.getConnection(server.jdbcUrl(database), properties);
  }
}
