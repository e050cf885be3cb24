package dev.tandem.order;

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
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Answers 503 instead of 500 where the database is away, and says whether anything was done. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAway implements HandlerExceptionResolver {

  private static final Logger log = LoggerFactory.getLogger(DatabaseAway.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

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
    var problem = problemOf(failure, request);
    if (problem == null) {
      return null;
    }
    log.warn(
        "{} {}: the database is away: {}",
        request.getMethod(),
        request.getRequestURI(),
        failure.getMessage());
    return problems.resolveException(request, response, handler, problem);
  }

  private static @Nullable ApiProblem problemOf(Exception failure, HttpServletRequest request) {
    if (failure instanceof CannotGetJdbcConnectionException
        || failure instanceof CannotCreateTransactionException) {
      return databaseAway("Nothing was done.");
    }
    if (failure instanceof DataAccessResourceFailureException
        || failure instanceof RecoverableDataAccessException
        || failure instanceof TransientDataAccessException) {
      return mayBeRepeated(request)
          ? databaseAway("The request may be repeated.")
          : outcomeUnknown();
    }
    return null;
  }

  /** Everything but an order without a key: reading, cancelling and the internal verbs. */
  private static boolean mayBeRepeated(HttpServletRequest request) {
    return !(request.getMethod().equals("POST") && request.getRequestURI().equals("/orders"))
        || request.getHeader("Idempotency-Key") != null;
  }

  private static ApiProblem databaseAway(String sequel) {
    return ApiProblem.tryAgain(
        "database-away", "The database of order-service does not answer. " + sequel, RETRY_AFTER);
  }

  private static ApiProblem outcomeUnknown() {
    return ApiProblem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "outcome-unknown",
            "The database broke off while it stored the order: it may be there or not. Look at the"
                + " customer's order history before you repeat it; with an Idempotency-Key a repeat"
                + " is always safe.")
        .withHeader(HttpHeaders.RETRY_AFTER, String.valueOf(RETRY_AFTER.toSeconds()));
  }
}
