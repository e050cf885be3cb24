package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** The tables of a database, brought up to date by its owner. */
final class Schema {
  private Schema() {}

  static void migrate(Server server, Databases database, String ownerPassword) {
    var where = server.address() + ": database " + database.database();
    try {
      flyway(server, database, ownerPassword).migrate();
    } catch (FlywayValidateException e) {
      throw new DbInitFailed(
          Reason.MIGRATION,
          where
              + " was made by another version of Tandem, newer or changed ("
              + whatDiffers(e)
              + "). Use that version's db-init, or start with an empty database.",
          e);
    } catch (FlywayException e) {
      throw new DbInitFailed(
          Reason.MIGRATION,
          where
              + " could not be migrated ("
              + whatFailed(e)
              + "). Cure that and repeat; a failed migration leaves nothing behind.",
          e);
    }
  }

  private static Flyway flyway(Server server, Databases database, String ownerPassword) {
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(server.database(database.database(), database.owner(), ownerPassword))
        .locations("classpath:" + database.migrations())
        .failOnMissingLocations(true)
        .defaultSchema("public")
        .cleanDisabled(true)
        // by default a schema newer than this program would pass
        .ignoreMigrationPatterns(new String[0])
        .load();
  }

  /** Below its headline Flyway says in one line what is wrong, and then much else. */
  private static String whatDiffers(FlywayValidateException e) {
    var lines = String.valueOf(e.getMessage()).lines().toList();
    return lines.size() > 1 ? lines.get(1).strip().replaceAll("\\.$", "") : lines.get(0);
  }

  private static String whatFailed(FlywayException e) {
    var headline = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said) {
        return headline + ": " + DbInitFailed.firstLine(said);
      }
    }
    return headline;
  }
}
