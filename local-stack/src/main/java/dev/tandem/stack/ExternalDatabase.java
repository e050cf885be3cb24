package dev.tandem.stack;

import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that somebody else runs: used, and never started or ended. */
record ExternalDatabase(String name, String database, DatabaseServer server) implements Part {
  @Override
  public boolean isHealthy() {
    return Sql.answers(server, "postgres");
  }

  @Override
  public PartStatus status(@Nullable Long pid, boolean healthy) {
    return new PartStatus(
        name,
        null,
        healthy,
        null,
        null,
        server.jdbcUrl(database),
        server.adminUser(),
        server.adminPassword(),
        true);
  }
}
