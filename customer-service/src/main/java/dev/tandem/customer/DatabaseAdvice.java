package dev.tandem.customer;

import dev.tandem.rest.ApiProblem;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * A database that is away or busy is 503, not a fault of ours. Heard before the general advice,
 * which would call it 500. Changes do not come here: their outcome is open then, see {@code
 * limitchanges}.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAdvice {

  private static final Logger log = LoggerFactory.getLogger(DatabaseAdvice.class);

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    TransactionException.class
  })
  void away(Exception failure) {
    log.warn("customer-db is away or busy: {}", String.valueOf(failure.getMessage()));
    throw ApiProblem.tryAgain(
        "database-away",
        "The database of customer-service is away or busy. Nothing was changed.",
        Duration.ofSeconds(1));
  }
}
