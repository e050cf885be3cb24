package dev.tandem.rest.internal;

import dev.tandem.rest.ApiProblem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Lets the keeper see each request before anything else looks at its method, type or body. */
final class DoorFilter extends OncePerRequestFilter {

  private final DoorKeeper keeper;
  private final HandlerExceptionResolver answers;

  DoorFilter(DoorKeeper keeper, HandlerExceptionResolver answers) {
    this.keeper = keeper;
    this.answers = answers;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      keeper.checkPath(request);
    } catch (ApiProblem refused) {
      answers.resolveException(request, response, null, refused);
      return;
    }
    chain.doFilter(request, response);
  }
}
