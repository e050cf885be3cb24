package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.CopyQuestions.Knowledge;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Finds out what became of a change whose outcome was left open. Several processes may do so at
 * once for the same change: every step can be repeated, and the change row decides.
 */
@Component
class Resolution {

  /** What the tables know, and the outcome as far as anybody knows. */
  record Resolved(LimitChange change, Outcome outcome) {

    /** A mode that meets the end of a change need not know its beginning; the row does. */
    Resolved {
      if (outcome instanceof Outcome.Refused refused && change.pendingSince() != null) {
        outcome = new Outcome.Refused(refused.change(), refused.refusal(), true);
      }
    }
  }

  private final LimitChanges changes;
  private final ModeInForce modes;
  private final Running running;
  private final CopyQuestions copy;

  Resolution(LimitChanges changes, ModeInForce modes, Running running, CopyQuestions copy) {
    this.changes = changes;
    this.modes = modes;
    this.running = running;
    this.copy = copy;
  }

  /**
   * What became of the change; empty if nobody ever promised anything about it. An id that means
   * nothing is not asked about, because the question would leave a tombstone. Of a change that only
   * a branch knows, the branch may end between two looks: the tables are looked into twice.
   */
  Optional<Resolved> resolve(ChangeId id) {
    return changes
        .find(id)
        .or(() -> changes.findPrepared(id))
        .or(() -> changes.find(id))
        .map(this::resolve);
  }

  private Resolved resolve(LimitChange change) {
    if (change.isFinal() || !change.ripe() || running.contains(change.id())) {
      return new Resolved(change, change.outcome());
    }
    var outcome = ask(change);
    write(change, outcome);
    return new Resolved(changes.find(change.id()).orElse(change), outcome);
  }

  private Outcome ask(LimitChange change) {
    var mode = change.mode() == null ? modes.current() : modes.byName(change.mode());
    return mode == null ? withoutItsMode(change) : mode.outcomeOf(change.id());
  }

  /** A row that has spoken needs no mode; of an applied change the copy can be asked as well. */
  private Outcome withoutItsMode(LimitChange change) {
    if (change.version() != null) {
      var there = copy.about(change.id()).knowledge();
      return new Outcome.Applied(change.id(), change.version(), there == Knowledge.APPLIED);
    }
    return change.refusal() != null
        ? new Outcome.Refused(change.id(), change.refusal())
        : new Outcome.Unknown(
            change.id(), "The mode " + change.mode() + " that carried it is not enabled any more.");
  }

  private void write(LimitChange change, Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied && applied.everywhere()) {
      changes.close(change.id());
    } else if (outcome instanceof Outcome.Refused refused) {
      refuse(change, refused.refusal());
    }
  }

  /** The mode's tombstone does not know what it is for; whoever opened the change does. */
  private void refuse(LimitChange change, Refusal refusal) {
    var opened = change.opened();
    if (opened != null && change.mode() != null) {
      changes.refuse(opened, change.mode(), refusal);
    }
  }
}
