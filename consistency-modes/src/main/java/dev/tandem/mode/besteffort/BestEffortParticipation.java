package dev.tandem.mode.besteffort;

import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.LimitCopy;
import dev.tandem.mode.VersionedLimit;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Serves the copy's half: a local transaction that commits before it answers. */
@InternalApi
@RestController
class BestEffortParticipation {

  private final LimitCopy copy;
  private final TransactionTemplate transactions;

  BestEffortParticipation(LimitCopy copy, TransactionTemplate transactions) {
    this.copy = copy;
    this.transactions = transactions;
  }

  @PutMapping("/internal/besteffort/work")
  Map<String, Boolean> workAndCommit(@RequestBody VersionedLimit limit) {
    try {
      transactions.executeWithoutResult(status -> copy.take(limit, true));
    } catch (ChangeRefused refused) {
      var refusal = refused.refusal();
      throw ApiProblem.of(HttpStatus.CONFLICT, refusal.reason().code(), refusal.detail());
    } catch (DuplicateKeyException repeated) {
      return Map.of("applied", true);
    } catch (DataAccessException | TransactionException failed) {
      throw ApiProblem.tryAgain(
          "work-not-done",
          "The work could not be done: locked, too late, or no database.",
          Duration.ofSeconds(1));
    }
    return Map.of("applied", true);
  }
}
