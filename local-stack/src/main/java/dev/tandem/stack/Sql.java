package dev.tandem.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

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
   * The first column, as text. Empty, too, when the server does not answer or has no such table.
   */
  static List<String> column(Store store, String query) {
    try (var connection = connect(store.server(), store.database());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException away) {
      return List.of();
    }
  }

  private static Connection connect(DatabaseServer server, String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", server.adminUser());
    properties.setProperty("password", server.adminPassword());
    // The whole of it: without this a server that stands still is asked for encryption for 5 s.
    properties.setProperty("loginTimeout", LIMIT_SECONDS);
    properties.setProperty("socketTimeout", LIMIT_SECONDS);
    properties.setProperty("ApplicationName", "tandem");
    return DriverManager.getConnection(server.jdbcUrl(database), properties);
  }
}
