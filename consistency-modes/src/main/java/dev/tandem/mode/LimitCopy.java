package dev.tandem.mode;

import java.util.Optional;

/** What a room asks of order-service, in the words of its own tables. */
public interface LimitCopy {

  /**
   * Takes the limit into the copy, in the caller's transaction: the change row, and the credit
   * account if the version is newer than its own. An older version leaves the account as it is;
   * that is right where the owner has committed, and a copy that is ahead of its owner elsewhere.
   *
   * @param mayRefuse whether order-service may still veto; where it may not (the owner has
   *     committed), {@code tandem.credit.below-exposure=reject} has no effect. Where it may, a
   *     version that is not newer is refused as {@link Refusal.Reason#COPY_IS_AHEAD}
   * @throws ChangeRefused if it may refuse, and does
   * @throws org.springframework.dao.DuplicateKeyException if the change id is spent already, by
   *     itself or by a tombstone
   * @throws org.springframework.dao.PessimisticLockingFailureException if the credit account is
   *     locked for longer than {@code lock_timeout}
   */
  void take(VersionedLimit limit, boolean mayRefuse);

  /** The version of the limit that the copy has now; empty if it knows of no such customer. */
  Optional<Long> versionOf(CustomerId customer);
}
