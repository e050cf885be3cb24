package dev.tandem.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * The one place where exceptions become answers. Every answer that is not a success is {@code
 * application/problem+json} with a {@code code}; a failure that nobody foresaw is a 500 whose
 * details are in the log, not in the answer.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  private static final String IN_THE_LOG =
      "The request failed for a reason that is in the service's log.";

  @ExceptionHandler
  ResponseEntity<Object> problem(ApiProblem problem, HttpServletRequest request) {
    return answer(problem, request.getRequestURI(), new HttpHeaders());
  }

  @ExceptionHandler
  ResponseEntity<Object> wrongType(
      MethodArgumentTypeMismatchException wrong, HttpServletRequest request) {
    var type = wrong.getRequiredType();
    var expected = type == null ? "another type" : type.getSimpleName();
    return answer(
        ApiProblem.badField(wrong.getName(), "is not a valid " + expected),
        request.getRequestURI(),
        new HttpHeaders());
  }

  @ExceptionHandler
  ResponseEntity<Object> unforeseen(Exception failure, HttpServletRequest request) {
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    return answer(
        ApiProblem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error", IN_THE_LOG),
        request.getRequestURI(),
        new HttpHeaders());
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException unreadable,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(unreadable(unreadable), uri(request), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException invalid,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var fields = invalid.getBindingResult().getFieldErrors();
    var problem =
        ApiProblem.of(
            HttpStatus.BAD_REQUEST,
            "invalid-request",
            fields.stream()
                .map(field -> field.getField() + ": " + field.getDefaultMessage())
                .sorted()
                .collect(Collectors.joining("; ")));
    fields.forEach(
        field -> problem.withError(field.getField(), String.valueOf(field.getDefaultMessage())));
    return answer(problem, uri(request), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception exception,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode statusCode,
      WebRequest request) {
    var status = HttpStatus.resolve(statusCode.value());
    var known = status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    if (known.is5xxServerError()) {
      log.error("{} failed", uri(request), exception);
    }
    var problem =
        exception instanceof MissingRequestHeaderException missing
            ? ApiProblem.badField(missing.getHeaderName(), "the header is missing")
            : ApiProblem.of(known, codeOf(known), detailOf(known, exception, body));
    return answer(problem, uri(request), headers);
  }

  private static ApiProblem unreadable(HttpMessageNotReadableException unreadable) {
    var tooLarge = causeOf(unreadable, BodyLimitFilter.BodyTooLarge.class);
    if (tooLarge != null) {
      return BodyLimitFilter.tooLarge();
    }
    var unknown = causeOf(unreadable, UnrecognizedPropertyException.class);
    if (unknown != null) {
      return ApiProblem.badField(pathOf(unknown), "is not a field of this request");
    }
    if (causeOf(unreadable, StreamReadException.class) != null) {
      return ApiProblem.of(
          HttpStatus.BAD_REQUEST, "malformed-json", "The body is not well-formed JSON.");
    }
    var databind = causeOf(unreadable, DatabindException.class);
    if (databind != null && !databind.getPath().isEmpty()) {
      return ApiProblem.badField(pathOf(databind), "has a value of the wrong type");
    }
    return ApiProblem.of(
        HttpStatus.BAD_REQUEST, "malformed-json", "The body is missing or is not a JSON object.");
  }

  private static String pathOf(JacksonException exception) {
    return exception.getPath().stream()
        .map(
            step ->
                step.getPropertyName() == null
                    ? "[" + step.getIndex() + "]"
                    : step.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static <T extends Throwable> @Nullable T causeOf(Throwable throwable, Class<T> type) {
    for (Throwable cause = throwable; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  private static String codeOf(HttpStatus status) {
    return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String detailOf(HttpStatus status, Exception exception, @Nullable Object body) {
    if (status.is5xxServerError()) {
      return IN_THE_LOG;
    }
    if (body instanceof org.springframework.http.ProblemDetail detail
        && detail.getDetail() != null) {
      return detail.getDetail();
    }
    return String.valueOf(exception.getMessage());
  }

  private static String uri(WebRequest request) {
    return ((ServletWebRequest) request).getRequest().getRequestURI();
  }

  private static ResponseEntity<Object> answer(
      ApiProblem problem, String instance, HttpHeaders given) {
    var headers = new HttpHeaders();
    headers.putAll(given);
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    problem.headers().forEach(headers::set);
    var retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
    }
    var location = problem.location();
    if (location != null) {
      headers.setLocation(location);
    }
    return new ResponseEntity<>(problem.bodyAt(instance), headers, problem.status());
  }
}
