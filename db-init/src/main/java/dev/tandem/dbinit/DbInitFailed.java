package dev.tandem.dbinit;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Initialising stopped. The message is one sentence with the cause and the cure, and holds no
 * password.
 */
public final class DbInitFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of thing is wrong; each has an exit code of its own. */
  public enum Reason {
    OTHER(1),
    USAGE(2),
    NOT_REACHABLE(3),
    WRONG_SETTING(4),
    NOT_ALLOWED(5),
    MIGRATION(6),
    SAME_SERVER(7);

    private final int exitCode;

    Reason(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  // 08004: the server wants a password and none was given
  private static final Set<String> NOT_ALLOWED =
      Set.of("28000", "28P01", "42501", "08004", "0LP01", "0P000");

  private final Reason reason;

  DbInitFailed(Reason reason, String sentence) {
    this(reason, sentence, null);
  }

  DbInitFailed(Reason reason, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  /** What the database said while we were {@code doing} something, such as "creating role x". */
  static DbInitFailed of(String server, String doing, SQLException cause) {
    var state = cause.getSQLState() == null ? "" : cause.getSQLState();
    var said = server + ": " + doing + " failed: " + firstLine(cause);
    if (NOT_ALLOWED.contains(state)) {
      return new DbInitFailed(Reason.NOT_ALLOWED, said + ". " + cureOfNotAllowed(state), cause);
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new DbInitFailed(
          Reason.NOT_REACHABLE, said + ". Start it, check its address, and repeat.", cause);
    }
    if (state.equals("55P03")) {
      return new DbInitFailed(
          Reason.OTHER,
          said
              + ". Something holds the lock, perhaps another db-init or a branch in doubt: repeat.",
          cause);
    }
    return new DbInitFailed(Reason.OTHER, said, cause);
  }

  private static String cureOfNotAllowed(String state) {
    return state.startsWith("28") || state.equals("08004")
        ? "Give the right user and password in the environment, and let pg_hba.conf admit them."
        : "Use an administrator that is a superuser, or that has CREATEROLE and CREATEDB and made these roles.";
  }

  static String firstLine(SQLException failure) {
    var message = String.valueOf(failure.getMessage());
    var line = message.lines().findFirst().orElse(message).replaceAll("^(ERROR|FATAL): |\\.$", "");
    // the driver says only that the attempt failed
    return failure.getCause() instanceof UnknownHostException below ? line + ": " + below : line;
  }

  /** The kind of failure. */
  public Reason reason() {
    return reason;
  }
}
