package dev.tandem.mode;

/**
 * What a room asks of order-service that writes a limit down before it is known whether it stays.
 * Each call is a local transaction of its own, on disk when the call returns. In between, orders
 * are admitted against the lower one of both limits.
 */
public interface TentativeCopy {

  /** How an action stands here after it was asked to end. */
  enum End {
    /** As it was asked to, now. */
    AS_ASKED,
    /** As it was asked to, but earlier: it was asked again. */
    REPEATED,
    /** Nothing was known of it, so there is a tombstone now: its work can never be done here. */
    TOMBSTONE,
    /** It has ended the other way before. */
    CONTRADICTION
  }

  /**
   * What became of an action.
   *
   * @param change the change that it carried; made up where it was never seen
   */
  record Ended(End end, ChangeId change) {}

  /**
   * Writes the limit down beside the one in force; of a new customer, nothing but the change row.
   *
   * @throws ChangeRefused if order-service vetoes, or holds another tentative limit of this
   *     customer
   * @throws org.springframework.dao.DuplicateKeyException if the action or the change is known
   *     already: it is the same work once more, or a tombstone
   * @throws org.springframework.dao.PessimisticLockingFailureException if the credit account is
   *     locked for longer than {@code lock_timeout}
   */
  void place(VersionedLimit limit, ActionId action);

  /**
   * Whether the work of this action is done here and has not been compensated.
   *
   * @return false for a tombstone, or where nothing is known
   */
  boolean holds(ActionId action);

  /** Lets the limit take force, under the version that came with the work. Can be repeated. */
  Ended complete(ActionId action);

  /** Takes the limit back: the one in force and its version were never touched. Can be repeated. */
  Ended compensate(ActionId action);
}
