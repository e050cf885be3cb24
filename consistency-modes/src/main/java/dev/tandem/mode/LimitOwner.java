package dev.tandem.mode;

/** What a room asks of customer-service, in the words of its own tables. */
public interface LimitOwner {

  /**
   * Applies the change to the owner's tables, in the caller's transaction: the change row, and the
   * customer or its limit with the next version. One statement, so that the row lock is taken once.
   * Before that lock it takes its share of the mode, up to the end of the transaction (decision
   * 0011).
   *
   * @param mode name of the mode that carries the change
   * @return the version that the limit now has
   * @throws ChangeRefused if there is no such customer, or it has another version than expected
   * @throws org.springframework.dao.DuplicateKeyException if the change id is spent already, by
   *     itself or by a tombstone
   * @throws ModeChanged if another mode is in force; nothing was done
   * @throws org.springframework.dao.PessimisticLockingFailureException if the customer's row is
   *     locked for longer than {@code lock_timeout}
   */
  long apply(CreditLimitChange change, String mode);
}
