package dev.tandem.stack;

import org.jspecify.annotations.Nullable;

/**
 * One part at one moment. What does not apply to it is null.
 *
 * @param pid null while it does not run, and for an external server
 * @param healthy it answered as it should, just now
 * @param url the public address, for the broker that of JMS clients
 * @param internalUrl the address of the internal listener, which wants the service token
 * @param jdbcUrl the database of the service, for checks by SQL
 * @param user the server's administrator; the broker's one user
 * @param external a server that the stack uses and does not run
 */
public record PartStatus(
    String name,
    @Nullable Long pid,
    boolean healthy,
    @Nullable String url,
    @Nullable String internalUrl,
    @Nullable String jdbcUrl,
    @Nullable String user,
    @Nullable String password,
    boolean external) {

  /** The one address to show to people. */
  public String address() {
    if (url != null) {
      return url;
    }
    return jdbcUrl != null ? jdbcUrl : String.valueOf(internalUrl);
  }
}
