package dev.tandem.mode.lra;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.TentativeCopy;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the work of an action: joins first, then commits locally. In that order, because from the
 * commit on somebody must be told how the action ends. Whether the join stands where the work does
 * not, makes no difference.
 */
@InternalApi
@RestController
class LraWork {

  private static final String SERVICE = "order-service";
  private static final Map<String, String> PENDING = Map.of("state", "pending");
  private static final Duration SOON = Duration.ofSeconds(1);

  private final TentativeCopy copy;
  private final LraCoordinator coordinator;
  private final Audience audience;

  LraWork(TentativeCopy copy, LraCoordinator coordinator, Audience audience) {
    this.copy = copy;
    this.coordinator = coordinator;
    this.audience = audience;
  }

  @PutMapping("/internal/lra/work")
  Map<String, String> joinAndWork(
      @RequestHeader(RemoteCopy.ACTION) String uid, @RequestBody VersionedLimit limit) {
    var action = LraParticipation.parse(uid);
    join(action);
    try {
      copy.place(limit, action);
    } catch (ChangeRefused veto) {
      throw conflict(veto.refusal().reason(), veto.refusal().detail());
    } catch (DuplicateKeyException spent) {
      return repeated(action, limit);
    } catch (DataAccessException | TransactionException failed) {
      throw notDone();
    }
    audience.step(limit.changeId(), LraMode.NAME, Step.PENDING, action.value());
    return PENDING;
  }

  private void join(ActionId action) {
    switch (coordinator.join(action, SERVICE)) {
      case JOINED -> {}
      case TOO_LATE -> throw conflict(Reason.ROLLED_BACK, "The action has ended already.");
      case NO_ANSWER ->
          throw ApiProblem.tryAgain(
              "part-away", "tx-coordinator did not let order-service join in time.", SOON);
    }
  }

  /** The same work once more, or late work that dies on a tombstone. */
  private Map<String, String> repeated(ActionId action, VersionedLimit limit) {
    if (!holds(action)) {
      audience.step(limit.changeId(), LraMode.NAME, Step.TOMBSTONE, "late work in " + action);
      throw conflict(Reason.ROLLED_BACK, "The action has ended before its work came.");
    }
    return PENDING;
  }

  private boolean holds(ActionId action) {
    try {
      return copy.holds(action);
    } catch (DataAccessException away) {
      throw notDone();
    }
  }

  private static ApiProblem notDone() {
    return ApiProblem.tryAgain(
        "work-not-done", "The work could not be done: locked, too late, or no database.", SOON);
  }

  private static ApiProblem conflict(Reason reason, String detail) {
    return ApiProblem.of(HttpStatus.CONFLICT, reason.code(), detail);
  }
}
