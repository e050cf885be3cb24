package dev.tandem.mode;

/**
 * One way to keep both sides in step. customer-service calls it for every credit-limit change.
 *
 * <p>Promised by every mode but {@code besteffort}: when nothing is under way any more, a change is
 * on both sides or on neither, and what {@link #carryOut} answered is true. Not promised: that a
 * reader of both databases sees both sides change at the same instant.
 */
public interface ConsistencyMode {

  /** The name by which operators choose it, for example {@code xa}. */
  String name();

  /**
   * Carries a change out. Called outside of any transaction. Answers within about three seconds,
   * whatever part is away; a failure of this service's own database travels up as an exception. The
   * caller reports the outcome, and how long it took, to {@link Audience#ended}.
   */
  Outcome carryOut(CreditLimitChange change);

  /**
   * What became of a change that {@link #carryOut} left {@code UnderWay} or {@code Unknown}, or
   * whose caller never got an answer. Where nobody is working on it any more and it has not taken
   * place, it is refused for ever by this very question; so it must not be asked while {@code
   * carryOut} may still be running.
   */
  Outcome outcomeOf(ChangeId change);
}
