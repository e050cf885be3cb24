package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server must promise so that Tandem can: nothing acknowledged is lost, branches can be
 * prepared, and open transactions are seen.
 */
final class ServerSettings {
  // 17 brought transaction_timeout, by which a participant bounds a branch that its caller has
  // forgotten; 18 brought RETURNING old and new, by which an order is decided in one statement.
  private static final int OLDEST_VERSION = 180000;
  // One for each change under way on every instance of the service, with room for branches in
  // doubt.
  private static final int FEWEST_PREPARED = 50;

  private ServerSettings() {}

  static void check(Server server, Connection admin) {
    try {
      var wrong = wrongOnes(admin);
      if (!wrong.isEmpty()) {
        throw new DbInitFailed(
            Reason.WRONG_SETTING, server.address() + ": " + String.join("; ", wrong) + ".");
      }
    } catch (SQLException e) {
      throw server.failed("reading the server's settings", e);
    }
  }

  private static List<String> wrongOnes(Connection admin) throws SQLException {
    var wrong = new ArrayList<String>();
    if (Integer.parseInt(setting(admin, "server_version_num")) < OLDEST_VERSION) {
      wrong.add(
          "server_version is %s, Tandem needs 18 or later (for RETURNING old and new): upgrade the server"
              .formatted(setting(admin, "server_version")));
    }
    if (Sql.holds(admin, "pg_is_in_recovery()")) {
      wrong.add("the server is a standby and only reads: give the address of its primary");
    }
    if (Integer.parseInt(setting(admin, "max_prepared_transactions")) < FEWEST_PREPARED) {
      wrong.add(
          "max_prepared_transactions is %s, two-phase commit needs %d or more (100 is good): set it in postgresql.conf and restart the server"
              .formatted(setting(admin, "max_prepared_transactions"), FEWEST_PREPARED));
    }
    for (var name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (setting(admin, name).equals("off")) {
        wrong.add(
            name
                + " is off, so a crash can lose what was acknowledged: set it to on in postgresql.conf and reload the server");
      }
    }
    if (setting(admin, "track_activities").equals("off")) {
      wrong.add(
          "track_activities is off, so nobody sees which transactions are open and the copy of the limits would pass for younger than it is: set it to on in postgresql.conf and reload the server");
    }
    return wrong;
  }

  private static String setting(Connection admin, String name) throws SQLException {
    return Sql.value(admin, "select current_setting(?)", name);
  }
}
