package dev.tandem.mode.lra;

import dev.tandem.mode.ActionId;
import dev.tandem.mode.Audience;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.TentativeCopy;
import dev.tandem.mode.TentativeCopy.Ended;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the callbacks of the coordinator: complete or compensate this service's part of an action.
 * Both can be repeated, also at the same time, and may overtake the work.
 *
 * <p>The coordinator repeats whatever is answered with, until it is done; the one answer that is
 * final and bad is 500 with a body that says so, for a contradiction.
 */
@InternalApi
@RestController
@RequestMapping("/internal/lra/{uid}")
class LraParticipation {

  private final TentativeCopy copy;
  private final Audience audience;

  LraParticipation(TentativeCopy copy, Audience audience) {
    this.copy = copy;
    this.audience = audience;
  }

  @PutMapping("/complete")
  ResponseEntity<String> complete(@PathVariable String uid) {
    var action = parse(uid);
    var ended = tried(() -> copy.complete(action));
    return switch (ended.end()) {
      case AS_ASKED -> done(ended, Step.COMMITTED, action);
      case REPEATED -> done(ended, Step.REPEATED, action);
      case TOMBSTONE -> contradiction(ended, "FailedToComplete", "of which nothing is known here");
      case CONTRADICTION -> contradiction(ended, "FailedToComplete", "which was compensated here");
    };
  }

  @PutMapping("/compensate")
  ResponseEntity<String> compensate(@PathVariable String uid) {
    var action = parse(uid);
    var ended = tried(() -> copy.compensate(action));
    return switch (ended.end()) {
      case AS_ASKED -> done(ended, Step.COMPENSATED, action);
      case REPEATED -> done(ended, Step.REPEATED, action);
      case TOMBSTONE -> done(ended, Step.TOMBSTONE, action);
      case CONTRADICTION -> contradiction(ended, "FailedToCompensate", "which was completed here");
    };
  }

  private static Ended tried(Supplier<Ended> end) {
    try {
      return end.get();
    } catch (DataAccessException | TransactionException away) {
      throw ApiProblem.tryAgain(
          "database-away",
          "The database of this service is away, or the account is locked.",
          Duration.ofSeconds(1));
    }
  }

  private ResponseEntity<String> done(Ended ended, Step step, ActionId action) {
    audience.step(ended.change(), LraMode.NAME, step, action.value());
    return ResponseEntity.ok().build();
  }

  private ResponseEntity<String> contradiction(Ended ended, String answer, String what) {
    audience.step(
        ended.change(),
        LraMode.NAME,
        Step.ANOMALY,
        answer + ": the coordinator ended an action " + what + ".");
    return ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR)
        .contentType(MediaType.TEXT_PLAIN)
        .body(answer);
  }

  static ActionId parse(String uid) {
    try {
      return ActionId.lastSegmentOf(uid);
    } catch (IllegalArgumentException malformed) {
      throw ApiProblem.badField("action", String.valueOf(malformed.getMessage()));
    }
  }
}
