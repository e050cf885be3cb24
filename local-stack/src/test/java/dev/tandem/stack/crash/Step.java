package dev.tandem.stack.crash;

import java.util.Locale;

/** A place at which a change can be made to stand, and what both databases show while it does. */
enum Step {
  BEFORE_THE_WORK("before the work", "customer-service", Traces.NONE),
  AFTER_THE_WORK("after the owner's work", "customer-service", Traces.NONE),
  ONE_IS_PREPARED(
      "after prepare of one", "customer-service", new Traces(false, true, false, false)),
  BOTH_ARE_PREPARED("after prepare of both", "customer-service", Traces.BOTH_PREPARED),
  BEFORE_THE_DECISION("before the decision is forced", "tx-coordinator", Traces.BOTH_PREPARED),
  AFTER_THE_DECISION("after the decision is forced", "tx-coordinator", Traces.BOTH_PREPARED),
  BETWEEN_THE_COMMITS("between the commits", "order-service", new Traces(false, true, true, false)),
  AFTER_BOTH_COMMITS("after both commits", "tx-coordinator", Traces.BOTH_APPLIED),
  BEFORE_THE_REPLY("before the reply", "customer-service", Traces.BOTH_APPLIED),

  OWNER_SENDS_COMMIT(
      "in phase two at the owner", "customer-service", new Traces(true, false, false, true)),
  COPY_SENDS_COMMIT(
      "in phase two at the copy", "order-service", new Traces(false, true, true, false)),
  BESTEFFORT_BETWEEN_THE_COMMITS(
      "between the commits", "order-service", new Traces(false, false, true, false));

  private final String title;
  private final String where;
  private final Traces traces;

  Step(String title, String where, Traces traces) {
    this.title = title;
    this.where = where;
    this.traces = traces;
  }

  String title() {
    return title;
  }

  /** The part that stands there. */
  String where() {
    return where;
  }

  Traces traces() {
    return traces;
  }

  /** Its name in the rules. */
  String sign() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The nine steps of a change, in their order. */
  static Step[] ofAChange() {
    return new Step[] {
      BEFORE_THE_WORK,
      AFTER_THE_WORK,
      ONE_IS_PREPARED,
      BOTH_ARE_PREPARED,
      BEFORE_THE_DECISION,
      AFTER_THE_DECISION,
      BETWEEN_THE_COMMITS,
      AFTER_BOTH_COMMITS,
      BEFORE_THE_REPLY
    };
  }
}
