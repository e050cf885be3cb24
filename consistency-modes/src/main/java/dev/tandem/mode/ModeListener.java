package dev.tandem.mode;

import java.time.Duration;

/**
 * Hears what happens in the rooms. Rooms report and do not log; logs, metrics and tests listen.
 * Called in the thread that does the work: be quick, and do not throw.
 */
public interface ModeListener {

  /** A step of one change. */
  void step(ChangeId change, String mode, Step step, String detail);

  /**
   * A mode has carried a change out. Not reported by the room but by its caller, who is the same
   * for all modes; {@code took} counts from the call of {@code carryOut}.
   */
  void ended(ChangeId change, String mode, Outcome outcome, Duration took);

  /** Something turned that belongs to no single change, for example a broker that went away. */
  default void turned(String mode, String what) {}

  /** The turns of a change that an operator may want to see. */
  enum Step {
    BEGUN,
    /** Written down beside the limit in force, by either side: it may still go either way. */
    PENDING,
    APPLIED_BY_OWNER,
    APPLIED_BY_COPY,
    /** The copy has taken and committed what its owner had committed before. */
    FOLLOWED,
    PREPARED,
    /** Decided by the one who may, before anybody is told. */
    DECIDED,
    COMMITTED,
    ROLLED_BACK,
    /** A pending change was taken back. */
    COMPENSATED,
    /** Late work or a late question met, or left, a tombstone. */
    TOMBSTONE,
    /** The other side was told once more how a change has ended; nothing was done. */
    REPEATED,
    /** A promise was broken: somebody must look. Never silent. */
    ANOMALY
  }
}
