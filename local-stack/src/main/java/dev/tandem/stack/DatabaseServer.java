package dev.tandem.stack;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach one PostgreSQL server as its administrator.
 *
 * @param address host and port
 * @param parameters what follows the database in a JDBC URL, with its question mark, or nothing
 */
record DatabaseServer(String address, String parameters, String adminUser, String adminPassword) {
  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql://([^/?]+)(?:/[^?]*)?(\\?.*)?");

  static DatabaseServer here(int port, String password) {
    return new DatabaseServer("127.0.0.1:" + port, "", "postgres", password);
  }

  /**
   * Reads a JDBC URL; which database it names does not matter. Empty if it is not one of
   * PostgreSQL.
   */
  static Optional<DatabaseServer> at(String url, String adminUser, String adminPassword) {
    var parts = URL.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var parameters = Optional.ofNullable(parts.group(2)).orElse("");
    return Optional.of(new DatabaseServer(parts.group(1), parameters, adminUser, adminPassword));
  }

  /** The same server by another way. */
  DatabaseServer at(String otherAddress) {
    return new DatabaseServer(otherAddress, parameters, adminUser, adminPassword);
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://" + address + "/" + database + parameters;
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return jdbcUrl("") + " as " + adminUser;
  }
}
