package dev.tandem.customer;

import dev.tandem.rest.ApiProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * A database that is away or busy is 503, not a fault of ours. Work on a limit does not come here:
 * its outcome may be open then, see {@code limitchanges}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAway implements HandlerExceptionResolver {

  private static final Logger log = LoggerFactory.getLogger(DatabaseAway.class);

  private final HandlerExceptionResolver problems;

  DatabaseAway(@Lazy @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.problems = problems;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!passes(failure)) {
      return null;
    }
    log.warn(
        "{} {}: customer-db is away or busy: {}",
        request.getMethod(),
        request.getRequestURI(),
        failure.getMessage());
    return problems.resolveException(request, response, handler, away());
  }

  private static boolean passes(Exception failure) {
    return failure instanceof DataAccessResourceFailureException
        || failure instanceof RecoverableDataAccessException
        || failure instanceof TransientDataAccessException
        || failure instanceof TransactionException;
  }

  private static ApiProblem away() {
    return ApiProblem.tryAgain(
        "database-away",
        "The database of customer-service is away or busy. Nothing was changed.",
        Duration.ofSeconds(1));
  }
}
