package dev.tandem.mode.xa;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Serves the work of a branch to the service that owns the limit, and votes in the same answer. */
@InternalApi
@RestController
class XaWork {

  private static final Duration SOON = Duration.ofSeconds(1);

  /** No transaction lives that long; a wrong clock or unit at the caller is better refused. */
  private static final long LONGEST_MILLIS = 60_000;

  private static final Map<String, String> PREPARED = Map.of("vote", "prepared");

  private final LimitCopy copy;
  private final BranchWork work;
  private final Branches branches;
  private final ChangeRows rows;
  private final Audience audience;

  XaWork(LimitCopy copy, BranchWork work, Branches branches, ChangeRows rows, Audience audience) {
    this.copy = copy;
    this.work = work;
    this.branches = branches;
    this.rows = rows;
    this.audience = audience;
  }

  @PutMapping("/internal/xa/work")
  Map<String, String> workInBranch(
      @RequestHeader("Xid") String xid,
      @RequestHeader("Tandem-Remaining-Millis") long remainingMillis,
      @RequestBody VersionedLimit limit) {
    var branch = branchOf(xid, limit);
    if (remainingMillis <= 0) {
      throw ApiProblem.tryAgain("too-late", "The transaction's time is up.", SOON);
    }
    if (remainingMillis > LONGEST_MILLIS) {
      throw ApiProblem.badField("Tandem-Remaining-Millis", "is more than " + LONGEST_MILLIS);
    }
    try {
      work.within(
          Duration.ofMillis(remainingMillis),
          () -> {
            copy.take(limit, true);
            work.prepare(branch);
            return branch;
          });
    } catch (ChangeRefused refused) {
      throw conflict(refused.refusal());
    } catch (DuplicateKeyException spent) {
      return repeated(branch);
    } catch (DataAccessException | TransactionException failed) {
      return preparedBefore(branch);
    }
    audience.step(branch.change(), XaMode.NAME, Step.APPLIED_BY_COPY, branch.text());
    return PREPARED;
  }

  private static BranchId branchOf(String xid, VersionedLimit limit) {
    var branch = XaParticipation.parse(xid);
    if (!branch.change().equals(limit.changeId())) {
      throw ApiProblem.badField("changeId", "is not the change that the Xid header names");
    }
    return branch;
  }

  /** The change id is spent: by a tombstone, or by this very work, committed already. */
  private Map<String, String> repeated(BranchId branch) {
    if (endOf(branch) instanceof ChangeRows.Row.Refused refused) {
      audience.step(branch.change(), XaMode.NAME, Step.TOMBSTONE, "late work: " + branch);
      throw conflict(refused.refusal());
    }
    return preparedBefore(branch);
  }

  /** Work that comes twice meets its own prepared branch as a lock. */
  private Map<String, String> preparedBefore(BranchId branch) {
    if (!stands(branch)) {
      throw ApiProblem.tryAgain(
          "work-not-done", "The work could not be done: locked, too late, or no database.", SOON);
    }
    return PREPARED;
  }

  private ChangeRows.@Nullable Row endOf(BranchId branch) {
    try {
      return rows.find(branch.change()).orElse(null);
    } catch (DataAccessException away) {
      return null;
    }
  }

  private boolean stands(BranchId branch) {
    try {
      return branches.stands(branch);
    } catch (DataAccessException away) {
      return false;
    }
  }

  private static ApiProblem conflict(Refusal refusal) {
    return ApiProblem.of(HttpStatus.CONFLICT, refusal.reason().code(), refusal.detail());
  }
}
