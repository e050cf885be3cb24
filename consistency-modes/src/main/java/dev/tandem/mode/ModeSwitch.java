package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts another mode in force, on all instances at once, and tells which one is.
 *
 * <p>Promised: a change is carried in the mode that is in force while its first local transaction
 * runs, and the mode does not change while a branch is in doubt or an action is open. Changes that
 * come meanwhile wait for up to 200 ms at a time, and are not refused for that. A mode stays in
 * force for 250 ms at least, whoever wants another: a change that has met a new mode gets to work
 * in it. Not promised: that the mode changes at all under a load that never leaves a gap of its
 * own; then it is refused.
 */
public final class ModeSwitch {

  /**
   * How long one attempt holds others up: well below their patience for a lock (600 ms) and for
   * their turn (500 ms), which may pass while one before them waits.
   */
  private static final Duration ATTEMPT = Duration.ofMillis(200);

  /** Between two attempts: what has queued up runs. */
  private static final Duration PAUSE = Duration.ofMillis(150);

  /**
   * How long a mode is in force at least. Else switches one behind the other could tell the same
   * change again and again that it came in the wrong mode, until it gives up.
   */
  private static final Duration SHORTEST_REIGN = Duration.ofMillis(250);

  private static final Duration A_MOMENT = Duration.ofMillis(5);

  /** The database ends an attempt by itself if this process sleeps in it; the next one is made. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(1);

  /** The SQLSTATE of its end. */
  private static final String TRANSACTION_TIMEOUT = "25P04";

  /**
   * A change of the mode.
   *
   * @param from null at the first start
   */
  @JsonInclude(Include.NON_NULL)
  public record Change(@Nullable String from, String to, String by, Instant at) {}

  /** Something that must end before the mode can change. */
  @JsonInclude(Include.NON_NULL)
  public record Held(String id, @Nullable ChangeId changeId, long ageMillis) {}

  /**
   * What is not over.
   *
   * @param branches prepared transactions of the owner's database, in doubt
   * @param actions long running actions without an end
   * @param sessions of the owner's database, by process, that have worked on a change for more than
   *     a second
   */
  public record Open(List<Held> branches, List<Held> actions, List<Held> sessions) {}

  /**
   * How things are.
   *
   * @param changes the newest 20, the newest first
   */
  public record State(
      String mode,
      Instant since,
      String by,
      List<String> enabled,
      List<Change> changes,
      Open open) {}

  private final ModeInForce inForce;
  private final ModeTable table;
  private final TransactionTemplate transactions;
  private final Duration patience;

  ModeSwitch(
      ModeInForce inForce, ModeTable table, TransactionTemplate transactions, Duration patience) {
    this.inForce = inForce;
    this.table = table;
    this.transactions = transactions;
    this.patience = patience;
  }

  /** As the owner's database has it now. */
  public State state() {
    var row = inForce.read();
    return new State(
        row.mode(), row.since(), row.by(), inForce.enabled(), table.changes(), table.open());
  }

  /**
   * Puts that mode in force when nothing is under way, in doubt or open any more. If it is in force
   * already, that is all. A failure of the database travels up; at the commit it leaves open which
   * mode is in force now, and asking again does no harm.
   *
   * @param by who wants it, for the history
   * @return what is in the way, after {@code tandem.consistency.switch-within}; empty if the mode
   *     is in force
   * @throws IllegalArgumentException if the mode is not enabled
   */
  public Optional<Open> switchTo(String mode, String by) {
    if (!inForce.enabled().contains(mode)) {
      throw new IllegalArgumentException("not enabled: " + mode);
    }
    long began = System.nanoTime();
    boolean done = inForce.read().mode().equals(mode) || attempt(mode, by);
    while (!done && System.nanoTime() - began < patience.toNanos()) {
      table.pause(PAUSE);
      done = attempt(mode, by);
    }
    var inTheWay = done ? Optional.<Open>empty() : Optional.of(table.open());
    inForce.read();
    return inTheWay;
  }

  /** While the lock is held, no new action is opened; those that are open go on to their end. */
  private boolean attempt(String mode, String by) {
    table.pause(table.untilInForceFor(SHORTEST_REIGN));
    long until = System.nanoTime() + ATTEMPT.toNanos();
    try {
      return Objects.requireNonNull(
          transactions.execute(
              status -> {
                table.lock(ATTEMPT, LONGEST_ATTEMPT);
                if (!table.untilInForceFor(SHORTEST_REIGN).isZero()) {
                  return false; // another operator was quicker
                }
                while (table.isActionOpen()) {
                  if (System.nanoTime() - until >= 0) {
                    return false;
                  }
                  table.pause(A_MOMENT);
                }
                table.change(mode, by);
                return true;
              }));
    } catch (PessimisticLockingFailureException held) {
      return false;
    } catch (DataAccessException | TransactionException broken) {
      if (hasOverslept(broken)) {
        return false;
      }
      throw broken;
    }
  }

  /** Whether this process slept with the lock in hand: its session was ended, nothing was done. */
  private static boolean hasOverslept(NestedRuntimeException broken) {
    var first =
        broken instanceof TransactionSystemException rollback
            ? rollback.getOriginalException()
            : broken;
    return first != null
        && NestedExceptionUtils.getMostSpecificCause(first) instanceof SQLException failure
        && TRANSACTION_TIMEOUT.equals(failure.getSQLState());
  }
}
