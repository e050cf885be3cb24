package dev.tandem.mode.xa;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves phase two to tx-coordinator: list, prepare, commit and roll back branches of this
 * service's database. Every verb can be repeated.
 */
@InternalApi
@RestController
@RequestMapping("/internal/xa/branches")
class XaParticipation {

  private static final Duration SOON = Duration.ofSeconds(1);

  /** Ends in a non-digit: what follows it in a transaction id are digits. */
  private static final Pattern COORDINATOR = Pattern.compile("[a-z0-9-]{0,63}[a-z-]");

  private final Branches branches;
  private final Audience audience;

  XaParticipation(Branches branches, Audience audience) {
    this.branches = branches;
    this.audience = audience;
  }

  @GetMapping
  Map<String, List<String>> list(@RequestParam String coordinator) {
    if (!COORDINATOR.matcher(coordinator).matches()) {
      throw ApiProblem.badField("coordinator", "is not the name of a coordinator");
    }
    return Map.of("branches", ask(() -> branches.prepared(coordinator)));
  }

  @PostMapping("/{branch}/prepare")
  ResponseEntity<Map<String, String>> prepare(@PathVariable String branch) {
    // The vote travels with the work: whoever asks again hears whether it stands.
    var id = parse(branch);
    return ask(() -> branches.stands(id))
        ? ResponseEntity.ok(Map.of("vote", "prepared"))
        : ResponseEntity.status(HttpStatus.CONFLICT).body(Map.of("vote", "rolled-back"));
  }

  @PostMapping("/{branch}/commit")
  ResponseEntity<Map<String, String>> commit(@PathVariable String branch) {
    var id = parse(branch);
    return answer(id, branches.commit(id), Branches.End.COMMITTED);
  }

  @PostMapping("/{branch}/rollback")
  ResponseEntity<Map<String, String>> rollback(@PathVariable String branch) {
    var id = parse(branch);
    return answer(id, branches.rollback(id), Branches.End.ROLLED_BACK);
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (DataAccessException away) {
      throw ApiProblem.tryAgain(
          "database-away", "The database of this service cannot be asked just now.", SOON);
    }
  }

  private ResponseEntity<Map<String, String>> answer(
      BranchId branch, Branches.End end, Branches.End asked) {
    if (end == Branches.End.UNAVAILABLE) {
      throw ApiProblem.tryAgain(
          "branch-unavailable", "The branch cannot be ended just now: " + branch, SOON);
    }
    boolean asAsked = end == asked;
    var result = end == Branches.End.COMMITTED ? "committed" : "rolled-back";
    audience.step(
        branch.change(),
        XaMode.NAME,
        asAsked ? stepOf(end) : Step.ANOMALY,
        asAsked ? branch.text() : "asked for " + asked + ", but it is " + end + ": " + branch);
    return ResponseEntity.status(asAsked ? HttpStatus.OK : HttpStatus.CONFLICT)
        .body(Map.of("result", result));
  }

  private static Step stepOf(Branches.End end) {
    return end == Branches.End.COMMITTED ? Step.COMMITTED : Step.ROLLED_BACK;
  }

  static BranchId parse(String branch) {
    try {
      return BranchId.parse(branch);
    } catch (IllegalArgumentException malformed) {
      throw ApiProblem.badField("branch", String.valueOf(malformed.getMessage()));
    }
  }
}
