package dev.tandem.bench;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.fault.Processes;
import dev.tandem.bench.load.Arm;
import dev.tandem.bench.load.Caller;
import dev.tandem.bench.load.Place;
import dev.tandem.bench.load.RunClock;
import dev.tandem.bench.plan.FaultKind;
import dev.tandem.stack.Stack;
import dev.tandem.stack.Waiting;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The negative control: does damage on purpose, which the checks must find. {@code besteffort} has
 * committed at the owner and not yet at the copy, and there it is ended: order-service stands still
 * while a limit is changed, and is killed as soon as the owner's database shows the new limit. What
 * the databases show then is the proof that it was hit.
 */
final class Control {
  static final String WINDOW = "control";

  private static final int TRIES = 5;
  private static final String VICTIM = "order-service";
  private static final Duration COMMITS_WITHIN = Duration.ofSeconds(2);

  private final Stack stack;
  private final Caller caller;
  private final RunClock clock;

  Control(Scene scene) {
    this.stack = scene.stack();
    this.caller = scene.caller();
    this.clock = scene.clock();
  }

  /** Empty if it was never hit: then nobody knows whether the checks can see anything. */
  Optional<Findings> damage(Arm arm) throws SQLException {
    for (int i = 0; i < TRIES; i++) {
      var customer = arm.customers().get(i % arm.customers().size());
      var findings = new Findings();
      long from = clock.now();
      attempt(customer, "%d.00".formatted(2_000 + i));
      long to = clock.now();
      findings.windows().add(new Window(arm.mode(), 0, WINDOW, from, to));
      var damage = differenceOf(customer);
      if (damage.isPresent()) {
        findings
            .faults()
            .add(
                new FaultMark(
                    arm.mode(), 0, FaultKind.KILL.word(), VICTIM, from, to, damage.get()));
        return Optional.of(findings);
      }
    }
    return Optional.empty();
  }

  private void attempt(String customer, String limit) throws SQLException {
    long before = versionAt("customer-db", customer);
    stack.freeze(VICTIM);
    var change = new Thread(() -> change(customer, limit), WINDOW);
    change.setDaemon(true);
    try {
      change.start();
      Waiting.until(COMMITS_WITHIN, () -> hasMoved(customer, before));
    } finally {
      stack.kill(VICTIM);
      join(change);
    }
    Processes.start(stack, VICTIM);
  }

  private static void join(Thread change) {
    try {
      change.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void change(String customer, String limit) {
    caller.change(new Place(0, WINDOW), Bench.FLOOR, customer, limit);
  }

  private boolean hasMoved(String customer, long before) {
    try {
      return versionAt("customer-db", customer) > before;
    } catch (SQLException away) {
      return false;
    }
  }

  private Optional<String> differenceOf(String customer) throws SQLException {
    long owner = versionAt("customer-db", customer);
    long copy = versionAt("order-db", customer);
    return owner == copy
        ? Optional.empty()
        : Optional.of(
            "customer %s has version %d at its owner and %d at the copy"
                .formatted(customer, owner, copy));
  }

  private long versionAt(String database, String customer) throws SQLException {
    var sql =
        database.equals("customer-db")
            ? "select version from customer where customer_id = ?::uuid"
            : "select limit_version from credit_account where customer_id = ?::uuid";
    var address = stack.addresses(database);
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, customer);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }
}
