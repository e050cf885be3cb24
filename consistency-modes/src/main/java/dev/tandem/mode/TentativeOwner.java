package dev.tandem.mode;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a room asks of customer-service that writes a limit down before it is known whether it
 * stays. Each call is a local transaction of its own.
 *
 * <p>From {@link #reserve} on, until {@link #complete} or {@link #compensate}, every other change
 * of that limit is refused as {@link Refusal.Reason#CHANGE_IN_PROGRESS}, in every mode.
 */
public interface TentativeOwner {

  /** What customer-service has decided, before anybody was told. */
  enum Decision {
    CLOSE,
    CANCEL
  }

  /**
   * A change without an end.
   *
   * @param version the limit's version, should the change be completed
   * @param decision null as long as there is none
   */
  record Pending(ChangeId change, ActionId action, long version, @Nullable Decision decision) {}

  /**
   * Writes the change down as pending, and the version that it will have. Customer, limit and
   * version stay as they are. Need not be forced to disk: the decision is, and takes it along.
   * First it takes its share of the mode, as {@link LimitOwner#apply} does.
   *
   * @return the reserved version
   * @throws ChangeRefused if there is no such customer, it has another version than expected, or
   *     another change of it is open
   * @throws ModeChanged if another mode is in force; nothing was done
   * @throws org.springframework.dao.DuplicateKeyException if the change id is spent already
   * @throws org.springframework.dao.PessimisticLockingFailureException if the customer's row is
   *     locked for longer than {@code lock_timeout}
   */
  long reserve(CreditLimitChange change, String mode, ActionId action);

  /**
   * Decides that the pending change shall take place, and forces that to disk.
   *
   * @return whether that is now the decision; false if there was another one before, or an end
   */
  boolean decideToClose(ChangeId change);

  /**
   * Decides that the pending change shall not take place.
   *
   * @param why what the change row will say
   * @return whether that is now the decision; false if there was another one before, or an end
   */
  boolean decideToCancel(ChangeId change, Refusal why);

  /** The change, if it is written down and has no end. */
  Optional<Pending> pending(ChangeId change);

  /**
   * The end, once it is known: the limit and its version are in force, and the next change may
   * come.
   *
   * @return false if there was an end before; nothing is done then
   */
  boolean complete(ChangeId change);

  /**
   * The other end: the change is refused for the reason of the decision, and the next one may come.
   *
   * @return false if there was an end before; nothing is done then
   */
  boolean compensate(ChangeId change);
}
