package dev.tandem.rest.internal;

import dev.tandem.rest.ApiProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Decides by the handler, not by the path, which door a request may use: however a path is spelled,
 * an {@link InternalApi} is not reached from the public port. Where no handler is found, {@link
 * #checkPath} keeps that from telling that the path exists.
 */
final class DoorKeeper implements HandlerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(DoorKeeper.class);

  private final int internalPort;
  private final boolean ownDoor;
  private final byte[] expected;
  private final List<TokenPath> more;

  DoorKeeper(int internalPort, boolean ownDoor, String token, List<TokenPath> more) {
    this.more = List.copyOf(more);
    this.internalPort = internalPort;
    this.ownDoor = ownDoor;
    this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    boolean internalDoor = request.getLocalPort() == internalPort;
    boolean internalApi =
        handler instanceof HandlerMethod method
            && method.getBeanType().isAnnotationPresent(InternalApi.class);
    if (internalDoor && (internalApi || ownDoor)) {
      requireToken(request);
    }
    if (internalApi != internalDoor && (internalApi || ownDoor)) {
      throw nothingHere();
    }
    return true;
  }

  /**
   * Looks at the path alone, decoded and normalised by the server.
   *
   * @throws ApiProblem 404 at the public door, 401 without the token at the internal one
   */
  void checkPath(HttpServletRequest request) {
    boolean internalDoor = request.getLocalPort() == internalPort;
    var path = request.getServletPath();
    boolean internalPath =
        path.startsWith("/internal/") || more.stream().anyMatch(one -> one.holds(path));
    if (internalDoor && (internalPath || ownDoor)) {
      requireToken(request);
    }
    if (internalPath && !internalDoor) {
      throw nothingHere();
    }
  }

  private static ApiProblem nothingHere() {
    return ApiProblem.of(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this address.");
  }

  private void requireToken(HttpServletRequest request) {
    @Nullable String given = request.getHeader(HttpHeaders.AUTHORIZATION);
    // MessageDigest.isEqual takes the same time wherever the two differ
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      log.warn( // the URI as it was sent: what is encoded in it cannot forge a line of this log
          "refused without the service token: {} {} from {}",
          request.getMethod(),
          request.getRequestURI(),
          request.getRemoteAddr());
      throw ApiProblem.of(
          HttpStatus.UNAUTHORIZED,
          "service-token-required",
          "The internal listener serves Tandem's own parts only: send the service token as"
              + " 'Authorization: Bearer …'.");
    }
  }
}
