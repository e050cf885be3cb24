package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for a server to take connections, for so long and no longer. */
record Waiting(Duration limit, Clock clock, Consumer<String> say) {
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);
  // A server that accepts and then says nothing is tried again.
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(5);

  /** Nothing announces that a server is there: the only way to know is to try. */
  Connection connect(Server server) {
    var deadline = clock.instant().plus(limit);
    var said = "";
    while (true) {
      try {
        return server.connect(attempt(deadline));
      } catch (SQLException e) {
        refuseIfHopeless(server, e);
        if (clock.instant().plus(BETWEEN_ATTEMPTS).isAfter(deadline)) {
          throw notReached(server, e);
        }
        var waiting = "waiting for " + server.address() + ": " + DbInitFailed.firstLine(e);
        if (!waiting.equals(said)) {
          say.accept(waiting);
          said = waiting;
        }
        pause(server);
      }
    }
  }

  private Duration attempt(Instant deadline) {
    var left = Duration.between(clock.instant(), deadline);
    return left.compareTo(LONGEST_ATTEMPT) < 0 ? left : LONGEST_ATTEMPT;
  }

  /** Time heals a server that is starting (57P03), full (53) or away (08), not a wrong password. */
  private static void refuseIfHopeless(Server server, SQLException e) {
    var failure = server.failed("connecting as " + server.user(), e);
    boolean full = String.valueOf(e.getSQLState()).startsWith("53");
    if (failure.reason() != Reason.NOT_REACHABLE && !full) {
      throw failure;
    }
  }

  private DbInitFailed notReached(Server server, SQLException e) {
    return new DbInitFailed(
        Reason.NOT_REACHABLE,
        "%s was not reachable within %s (%s): start it, or give its address with --%s"
            .formatted(
                server.address(), Durations.text(limit), DbInitFailed.firstLine(e), server.name()),
        e);
  }

  private static void pause(Server server) {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DbInitFailed(Reason.OTHER, "interrupted waiting for " + server.address(), e);
    }
  }
}
