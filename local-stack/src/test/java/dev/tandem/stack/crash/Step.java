package dev.tandem.stack.crash;

import dev.tandem.stack.crash.Traces.Mark;
import java.util.Locale;

/** A place at which a change can be made to stand, and what both databases show while it does. */
enum Step {
  BEFORE_THE_WORK("before the work", "customer-service", Traces.NONE),
  AFTER_THE_WORK("after the owner's work", "customer-service", Traces.NONE),
  COPY_IS_UNPREPARED(
      "after the copy's work", "order-service", new Traces(Mark.PREPARED, Mark.NOTHING)),
  ONE_IS_PREPARED(
      "after prepare of one", "customer-service", new Traces(Mark.NOTHING, Mark.PREPARED)),
  BOTH_ARE_PREPARED("after prepare of both", "customer-service", Traces.BOTH_PREPARED),
  BEFORE_THE_DECISION("before the decision is forced", "tx-coordinator", Traces.BOTH_PREPARED),
  AFTER_THE_DECISION("after the decision is forced", "tx-coordinator", Traces.BOTH_PREPARED),
  BETWEEN_THE_COMMITS(
      "between the commits", "order-service", new Traces(Mark.COMMITTED, Mark.PREPARED)),
  AFTER_BOTH_COMMITS("after both commits", "tx-coordinator", Traces.BOTH_APPLIED),
  BEFORE_THE_REPLY("before the reply", "customer-service", Traces.BOTH_APPLIED),

  OWNER_SENDS_COMMIT(
      "in phase two at the owner", "customer-service", new Traces(Mark.PREPARED, Mark.COMMITTED)),
  COPY_SENDS_COMMIT(
      "in phase two at the copy", "order-service", new Traces(Mark.COMMITTED, Mark.PREPARED)),
  BESTEFFORT_BETWEEN_THE_COMMITS(
      "between the commits", "order-service", new Traces(Mark.COMMITTED, Mark.NOTHING)),

  BEFORE_THE_ACTION("before the action", "customer-service", Traces.NONE),
  ACTION_BEGUN("after the action's begin", "customer-service", Traces.NONE),
  OWNER_IS_PENDING("after the owner's work", "customer-service", Traces.OWNER_PENDING),
  COPY_HAS_JOINED("after the copy's join", "order-service", Traces.OWNER_PENDING),
  COPY_HAS_WORKED("after the copy's work", "order-service", Traces.BOTH_PENDING),
  BOTH_ARE_PENDING("before its decision", "customer-service", Traces.BOTH_PENDING),
  ABOUT_TO_CLOSE("just before to close is decided", "customer-service", Traces.BOTH_PENDING),
  DECIDED_TO_CLOSE("after the decision to close", "customer-service", Traces.BOTH_PENDING),
  INSIDE_COMPLETE("inside the close", "order-service", Traces.BOTH_PENDING),
  COPY_HAS_COMPLETED(
      "after the copy's complete", "order-service", new Traces(Mark.PENDING, Mark.COMMITTED)),
  ACTION_CLOSED(
      "after the action's end", "customer-service", new Traces(Mark.PENDING, Mark.COMMITTED)),
  BEFORE_THE_ANSWER("before the reply", "customer-service", Traces.BOTH_APPLIED),
  DECIDED_TO_CANCEL("after the decision to cancel", "customer-service", Traces.OWNER_PENDING),
  INSIDE_COMPENSATE("inside the cancel", "order-service", Traces.OWNER_PENDING),
  COPY_HAS_COMPENSATED("after the copy's compensate", "order-service", Traces.OWNER_PENDING);

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

  /** The ten steps of a change in mode xa, in their order. */
  static Step[] ofAChange() {
    return new Step[] {
      BEFORE_THE_WORK,
      AFTER_THE_WORK,
      COPY_IS_UNPREPARED,
      ONE_IS_PREPARED,
      BOTH_ARE_PREPARED,
      BEFORE_THE_DECISION,
      AFTER_THE_DECISION,
      BETWEEN_THE_COMMITS,
      AFTER_BOTH_COMMITS,
      BEFORE_THE_REPLY
    };
  }

  /** The steps of an action that is closed, in their order. */
  static Step[] ofAClose() {
    return new Step[] {
      BEFORE_THE_ACTION,
      ACTION_BEGUN,
      OWNER_IS_PENDING,
      COPY_HAS_JOINED,
      COPY_HAS_WORKED,
      BOTH_ARE_PENDING,
      DECIDED_TO_CLOSE,
      INSIDE_COMPLETE,
      COPY_HAS_COMPLETED,
      ACTION_CLOSED,
      BEFORE_THE_ANSWER
    };
  }

  /** Those of one that is cancelled, from where it differs. */
  static Step[] ofACancel() {
    return new Step[] {DECIDED_TO_CANCEL, INSIDE_COMPENSATE, COPY_HAS_COMPENSATED};
  }
}
