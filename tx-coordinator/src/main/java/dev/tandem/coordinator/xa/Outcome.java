package dev.tandem.coordinator.xa;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a transaction stands. */
enum Outcome {
  /** Begun, and nobody has ended it. */
  ACTIVE("active", false),
  /** Somebody is ending it; which way is not known yet. */
  UNDER_WAY("under-way", false),
  /** Commit is decided and forced; at least one branch has not confirmed yet. It will commit. */
  DECIDED("decided", true),
  /** Every branch has confirmed its commit. */
  COMMITTED("committed", true),
  /** It can never commit. */
  ROLLED_BACK("rolled-back", true),
  /** Commit was decided, and a participant says that its branch is gone without a trace. */
  MIXED("mixed", true);

  private final String word;
  private final boolean known;

  Outcome(String word, boolean known) {
    this.word = word;
    this.known = known;
  }

  @JsonValue
  String word() {
    return word;
  }

  /** Whether commit or rollback is certain. */
  boolean isKnown() {
    return known;
  }

  boolean isCommit() {
    return this == DECIDED || this == COMMITTED || this == MIXED;
  }
}
