package dev.tandem.bench.plan;

import static dev.tandem.bench.plan.FaultKind.Hits.LINK;
import static dev.tandem.bench.plan.FaultKind.Hits.PART;
import static dev.tandem.bench.plan.FaultKind.Hits.WHOLE;

/** What can be done to a stack; plans and reports have the constant's name in small letters. */
public enum FaultKind {
  KILL(PART),
  FREEZE(PART),
  RESTART(PART),
  FULL_DISK(PART),
  CUT_LINK(LINK),
  SLOW_LINK(LINK),
  HALF_OPEN_LINK(LINK),
  RESET_LINK(LINK),
  REPEAT_MESSAGES(WHOLE),
  KILL_ANYTHING(WHOLE);

  /** What a plan has to name. */
  enum Hits {
    PART,
    LINK,
    /** Nothing: the fault itself knows. */
    WHOLE
  }

  private final Hits hits;

  FaultKind(Hits hits) {
    this.hits = hits;
  }

  boolean hits(Hits what) {
    return hits == what;
  }

  /** As plans and reports have it. */
  public String word() {
    return Plans.word(this);
  }
}
