package dev.tandem.dbinit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** The few things that this program asks of JDBC. */
final class Sql {
  private Sql() {}

  /** Runs a statement in which every {@code %s} is a name, quoted here. */
  static void run(Connection connection, String template, String... names) throws SQLException {
    var quoted = new Object[names.length];
    for (int i = 0; i < names.length; i++) {
      quoted[i] = connection.unwrap(PGConnection.class).escapeIdentifier(names[i]);
    }
    try (var statement = connection.createStatement()) {
      statement.execute(template.formatted(quoted));
    }
  }

  /** The first column of every row, as text. */
  static List<String> column(Connection connection, String query, String... parameters)
      throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      var values = new ArrayList<String>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    }
  }

  /** The one value of a query that always has one. */
  static String value(Connection connection, String query, String... parameters)
      throws SQLException {
    var values = column(connection, query, parameters);
    if (values.size() != 1) {
      throw new SQLException(values.size() + " rows instead of one: " + query);
    }
    return values.get(0);
  }

  static boolean holds(Connection connection, String condition, String... parameters)
      throws SQLException {
    return value(connection, "select " + condition, parameters).equals("t");
  }
}
