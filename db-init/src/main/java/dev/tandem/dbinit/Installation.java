package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Both databases, each on its server: looked at side by side, and refused before anything is
 * changed.
 */
record Installation(
    DatabaseSetup customer, DatabaseSetup orders, boolean sameServerAllowed, Consumer<String> say) {

  /** Waits for the servers and checks them; nothing is changed. */
  void check(Waiting waiting) {
    var where = new String[2];
    both(
        () -> where[0] = checkedIdentity(customer.server(), waiting),
        () -> where[1] = checkedIdentity(orders.server(), waiting));
    if (!sameServerAllowed) {
      refuseSameServer(where[0].equals(where[1]));
      refuseForeignDatabase(customer.server(), orders.database());
      refuseForeignDatabase(orders.server(), customer.database());
    }
  }

  private static String checkedIdentity(Server server, Waiting waiting) {
    try (var admin = waiting.connect(server)) {
      ServerSettings.check(server, admin);
      return identity(admin);
    } catch (SQLException e) {
      throw server.failed("asking who the server is", e);
    }
  }

  /**
   * A copied data folder has the identifier of its original, but was not started in the same
   * microsecond.
   */
  private static String identity(Connection admin) throws SQLException {
    return Sql.value(
        admin,
        "select system_identifier || '/' || extract(epoch from pg_postmaster_start_time()) from pg_control_system()");
  }

  private void refuseSameServer(boolean same) {
    if (same) {
      throw new DbInitFailed(
          Reason.SAME_SERVER,
          "%s and %s are the same server, but each database needs one of its own to fail alone: give two addresses, or --allow-same-server"
              .formatted(customer.server().address(), orders.server().address()));
    }
  }

  private static void refuseForeignDatabase(Server server, Databases foreign) {
    try (var admin = server.connect()) {
      if (Sql.holds(
          admin, "exists (select from pg_database where datname = ?)", foreign.database())) {
        throw new DbInitFailed(
            Reason.SAME_SERVER,
            "%s has a database %s, which belongs on %s: swap the two addresses, or give --allow-same-server"
                .formatted(server.address(), foreign.database(), foreign.server()));
      }
    } catch (SQLException e) {
      throw server.failed("looking for databases", e);
    }
  }

  void create() {
    both(customer::run, orders::run);
  }

  void load(SampleCustomers samples) {
    try (var customers = customer.asOwner();
        var accounts = orders.asOwner()) {
      int created = samples.load(customers, accounts);
      say.accept(
          "%d sample customers, %d of them new with limit %s"
              .formatted(samples.count(), created, samples.limit().toPlainString()));
    } catch (SQLException e) {
      throw new DbInitFailed(
          Reason.OTHER, "loading sample customers failed: " + DbInitFailed.firstLine(e), e);
    }
  }

  /** Runs both to their end, and then fails if one has failed. */
  private static void both(Runnable one, Runnable other) {
    var running = CompletableFuture.runAsync(other);
    RuntimeException failure = failureOf(one);
    RuntimeException second = failureOf(() -> join(running));
    if (failure != null) {
      if (second != null) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    if (second != null) {
      throw second;
    }
  }

  private static @Nullable RuntimeException failureOf(Runnable work) {
    try {
      work.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static void join(CompletableFuture<Void> running) {
    try {
      running.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
