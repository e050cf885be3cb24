package dev.tandem.coordinator.lra;

import dev.tandem.rest.ApiProblem;
import io.narayana.lra.coordinator.api.Coordinator;
import io.narayana.lra.coordinator.api.CoordinatorContainerFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Narayana's HTTP API, as much of it as Tandem speaks. The rest is not reached: it would let a
 * caller change a participant's address, or have the coordinator call one that the caller sends.
 */
final class LraServlet extends ServletContainer {

  private static final long serialVersionUID = 1L;

  private static final Logger log = LoggerFactory.getLogger(LraServlet.class);

  static final String PATH = "/lra-coordinator";

  /** An action's id begins with this, whatever address its caller used. */
  private static final URI BASE = URI.create("http://tx-coordinator/");

  private static final String UID = "/[0-9a-f-]+(_[0-9a-f-]+){4}";
  private static final Pattern OFFERED =
      Pattern.compile(
          "POST /start|PUT " + UID + "(/close|/cancel)?|GET " + UID + "(/status)?|GET /?");
  private static final Pattern JOIN = Pattern.compile("PUT " + UID);

  private final transient ParticipantLinks links;
  private final transient HandlerExceptionResolver answers;

  LraServlet(ParticipantLinks links, HandlerExceptionResolver answers) {
    super(narayana());
    this.links = links;
    this.answers = answers;
  }

  private static ResourceConfig narayana() {
    return new ResourceConfig(Coordinator.class, CoordinatorContainerFilter.class)
        .property(ServerProperties.WADL_FEATURE_DISABLE, true)
        .property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      check(request);
      service(BASE, BASE.resolve(target(request)), request, response);
    } catch (ApiProblem refused) {
      answers.resolveException(request, response, null, refused);
    }
  }

  private void check(HttpServletRequest request) {
    var call = request.getMethod() + " " + path(request);
    if (!OFFERED.matcher(call).matches() || request.getParameter("ParentLRA") != null) {
      throw ApiProblem.of(
          HttpStatus.NOT_FOUND, "not-found", "This coordinator does not offer " + call + ".");
    }
    if (JOIN.matcher(call).matches()) {
      checkJoin(request);
    }
  }

  private void checkJoin(HttpServletRequest request) {
    var given = request.getHeader("Link");
    try {
      links.check(given);
    } catch (ApiProblem refused) {
      log.warn("{} refused a participant with the links {}", path(request), given);
      throw refused;
    }
  }

  private static String path(HttpServletRequest request) {
    var path = request.getPathInfo();
    return path == null ? "" : path;
  }

  private static String target(HttpServletRequest request) {
    var query = request.getQueryString();
    return PATH + path(request) + (query == null ? "" : "?" + query);
  }
}
