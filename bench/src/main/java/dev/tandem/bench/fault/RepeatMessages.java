package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

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
  public String part() {
    return "broker";
  }

  @Override
  public Healing strike() {
    var repeater = new Repeater(stack);
    repeater.start();
    return repeater;
  }

  private static final class Repeater extends Repeating {
    private final Stack stack;
    private volatile long sent;

    Repeater(Stack stack) {
      super("repeat-messages");
      this.stack = stack;
    }

    @Override
    void repeat() throws SQLException, InterruptedException {
      var owner = stack.addresses("customer-db");
      try (var connection =
          DriverManager.getConnection(owner.jdbcUrl(), owner.user(), owner.password())) {
        long all = 0;
        do {
          all += sendSome(connection);
          sent = all;
        } while (!isEnoughWithin(EVERY_MILLIS));
      }
    }

    private static int sendSome(Connection connection) throws SQLException {
      try (var statement = connection.createStatement()) {
        return statement.executeUpdate(AGAIN);
      }
    }

    @Override
    public String evidence() {
      return sent == 0 ? "" : sent + " messages were sent again";
    }
  }
}
