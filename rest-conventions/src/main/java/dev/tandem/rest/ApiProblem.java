package dev.tandem.rest;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * An answer that is not a success, in the words of RFC 9457: thrown anywhere in a request, written
 * by {@link ProblemAdvice} as {@code application/problem+json}.
 *
 * <p>{@code code} is the stable name that programs may decide on; {@code detail} is for people.
 * {@code retryable} promises that the same request may be sent again and has done nothing yet.
 */
public final class ApiProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** One field of the request that is wrong, and how. */
  public record FieldError(String field, String message) {}

  private final HttpStatus status;
  private final String code;
  private final transient Map<String, Object> members = new LinkedHashMap<>();
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private final transient List<FieldError> errors = new ArrayList<>();
  private boolean retryable;
  private @Nullable Duration retryAfter;
  private @Nullable URI location;

  private ApiProblem(HttpStatus status, String code, String detail) {
    super(detail, null, false, false); // an answer, not a fault: no stack trace
    this.status = status;
    this.code = code;
  }

  /**
   * A problem with the given status.
   *
   * @param code stable, in kebab-case, for example {@code stale-version}
   * @param detail a sentence for people that names the field or setting and the cure
   */
  public static ApiProblem of(HttpStatus status, String code, String detail) {
    return new ApiProblem(status, code, detail);
  }

  /** 400 for one field. */
  public static ApiProblem badField(String field, String message) {
    return of(HttpStatus.BAD_REQUEST, "invalid-request", field + ": " + message)
        .withError(field, message);
  }

  /** 503: a needed part is away or busy, nothing was done, try again after the given time. */
  public static ApiProblem tryAgain(String code, String detail, Duration retryAfter) {
    var problem = of(HttpStatus.SERVICE_UNAVAILABLE, code, detail);
    problem.retryable = true;
    problem.retryAfter = retryAfter;
    return problem;
  }

  /** Adds a field to {@code errors[]}. */
  public ApiProblem withError(String field, String message) {
    errors.add(new FieldError(field, message));
    return this;
  }

  /** Adds a member of our own, for example {@code changeId}. */
  public ApiProblem with(String member, Object value) {
    members.put(member, value);
    return this;
  }

  /** Adds a header to the answer, for example the {@code ETag} that would have matched. */
  public ApiProblem withHeader(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Says that the same request may be sent again: it has done nothing. */
  public ApiProblem retryable() {
    this.retryable = true;
    return this;
  }

  /** Adds a {@code Location} header. */
  public ApiProblem at(URI where) {
    this.location = where;
    return this;
  }

  public HttpStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  Map<String, String> headers() {
    return headers;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  @Nullable URI location() {
    return location;
  }

  /** The problem as it is written in answer to a call of this path. */
  ProblemDetail bodyAt(String path) {
    var body = ProblemDetail.forStatusAndDetail(status, String.valueOf(getMessage()));
    body.setInstance(URI.create(path.replaceFirst("^/+", "/"))); // "//x" is a host
    body.setType(URI.create("urn:tandem:problem:" + code));
    body.setTitle(titleOf(code));
    body.setProperty("code", code);
    body.setProperty("retryable", retryable);
    members.forEach(body::setProperty);
    if (!errors.isEmpty()) {
      body.setProperty("errors", List.copyOf(errors));
    }
    return body;
  }

  private static String titleOf(String code) {
    var words = code.replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
