package dev.tandem.mode;

import org.jspecify.annotations.Nullable;

/**
 * What became of a change, as far as it is known. What was asked and not answered is never guessed.
 */
public sealed interface Outcome {

  ChangeId change();

  /**
   * It took place, and stays. {@code everywhere} tells whether the copy has confirmed it; if not,
   * the copy will follow by itself.
   */
  record Applied(ChangeId change, long version, boolean everywhere) implements Outcome {}

  /**
   * It did not take place, on neither side, and under this id it never will. {@code compensated}
   * tells whether it had been written down as tentative meanwhile.
   */
  record Refused(ChangeId change, Refusal refusal, boolean compensated) implements Outcome {

    public Refused(ChangeId change, Refusal refusal) {
      this(change, refusal, false);
    }
  }

  /** Somebody is still working on it; it ends by itself, one way or the other. */
  record UnderWay(ChangeId change) implements Outcome {}

  /**
   * Nobody who could be reached knows. {@code why} is for people.
   *
   * @param why null when nothing more is known
   */
  record Unknown(ChangeId change, @Nullable String why) implements Outcome {}
}
