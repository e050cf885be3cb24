package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of the mode event again, long after newer ones: duplicates, and in any order. It
 * lays changes of the past into the outbox once more, from where the relay sends them through the
 * broker as it sends all others.
 */
record RepeatMessages(Stack stack) implements Fault {
  private static final long EVERY_MILLIS = 50;

  /** The ids say that they are the same changes; so they would be after a crash of the relay. */
  private static final String AGAIN =
      """
      insert into outbox (change_id, customer_id, kind, credit_limit, version, requested_at)
      select change_id, customer_id, kind, credit_limit, version, requested_at
        from limit_change tablesample bernoulli (50)
       where mode = 'event' and state = 'applied'
       order by random() limit 5
      """;

  @Override
  public String name() {
    return "repeat-messages";
  }

  @Override
  public String part() {
    return "broker";
  }

  @Override
  public Healing strike() {
    var repeating = new Repeating(stack);
    repeating.start();
    return repeating;
  }

  private static final class Repeating extends Thread implements Healing {
    private final Stack stack;
    private final CountDownLatch enough = new CountDownLatch(1);
    private volatile long sent;
    private volatile @Nullable Exception failure;

    Repeating(Stack stack) {
      super("repeat-messages");
      this.stack = stack;
      setDaemon(true);
    }

    @Override
    public void run() {
      var owner = stack.addresses("customer-db");
      try (var connection =
          DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password())) {
        long all = 0;
        do {
          all += sendSome(connection);
          sent = all;
        } while (!enough.await(EVERY_MILLIS, TimeUnit.MILLISECONDS));
      } catch (SQLException | InterruptedException e) {
        failure = e;
      }
    }

    private static int sendSome(Connection connection) throws SQLException {
      try (var statement = connection.createStatement()) {
        return statement.executeUpdate(AGAIN);
      }
    }

    @Override
    public void close() {
      enough.countDown();
      try {
        join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var failed = failure;
      if (failed != null) {
        throw new StackException("Messages could not be repeated: " + failed.getMessage(), failed);
      }
    }

    @Override
    public String evidence() {
      return sent == 0 ? "" : sent + " messages were sent again";
    }
  }
}
