package dev.tandem.coordinator.lra;

import dev.tandem.rest.ApiProblem;
import io.narayana.lra.coordinator.api.Coordinator;
import io.narayana.lra.coordinator.api.CoordinatorContainerFilter;
import io.narayana.lra.coordinator.domain.model.LongRunningAction;
import io.narayana.lra.coordinator.domain.service.LRAService;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.microprofile.lra.annotation.LRAStatus;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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

  /** How long an end waits for a join that is being written. */
  private static final Duration JOINING = Duration.ofMillis(500);

  private static final Duration AFTER_A_RESTART = Duration.ofSeconds(5);

  private static final String UID = "/[0-9a-f-]+(_[0-9a-f-]+){4}";
  private static final Pattern OFFERED =
      Pattern.compile(
          "POST /start|PUT " + UID + "(/close|/cancel)?|GET " + UID + "(/status)?|GET /?");
  private static final Pattern JOIN = Pattern.compile("PUT " + UID);
  private static final Pattern END = Pattern.compile("PUT (" + UID + ")/(close|cancel)");

  private final transient Supplier<LRAService> actions;
  private final transient ParticipantLinks links;
  private final transient HandlerExceptionResolver answers;

  LraServlet(
      Supplier<LRAService> actions, ParticipantLinks links, HandlerExceptionResolver answers) {
    super(narayana());
    this.actions = actions;
    this.links = links;
    this.answers = answers;
  }

  private static ResourceConfig narayana() {
    return new ResourceConfig(Coordinator.class, CoordinatorContainerFilter.class)
        .property(ServerProperties.WADL_FEATURE_DISABLE, true)
        .property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
  }

  /** The id of the action with this uid. */
  static URI idOf(String uid) {
    return BASE.resolve(PATH + "/" + uid);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      answer(request, response);
    } catch (ApiProblem refused) {
      answers.resolveException(request, response, null, refused);
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    var call = request.getMethod() + " " + path(request);
    if (!OFFERED.matcher(call).matches() || request.getParameter("ParentLRA") != null) {
      throw ApiProblem.of(
          HttpStatus.NOT_FOUND, "not-found", "This coordinator does not offer " + call + ".");
    }
    if (!request.getMethod().equals("GET") && LraStore.STORE.failure() != null) {
      throw ApiProblem.tryAgain(
          "store-failed", "The coordinator's store failed; it needs a restart.", AFTER_A_RESTART);
    }
    if (JOIN.matcher(call).matches()) {
      checkJoin(request);
    }
    var end = END.matcher(call);
    if (end.matches()) {
      end(idOf(end.group(1).substring(1)), request, response);
    } else {
      toNarayana(request, response);
    }
  }

  private void toNarayana(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    var query = request.getQueryString();
    var target = PATH + path(request) + (query == null ? "" : "?" + query);
    service(BASE, BASE.resolve(target), request, response);
  }

  private void checkJoin(HttpServletRequest request) {
    var given = String.join(",", Collections.list(request.getHeaders("Link")));
    try {
      links.check(given);
    } catch (ApiProblem refused) {
      log.warn("{} refused a participant with the links {}", path(request), given);
      throw refused;
    }
    var action = actions.get().lookupTransaction(idOf(path(request).substring(1)));
    if (action != null && action.getLRAStatus() != LRAStatus.Active) {
      throw ApiProblem.of(
          HttpStatus.PRECONDITION_FAILED, "action-ending", "This action is ending already.");
    }
  }

  /**
   * Ends an action once. Narayana takes a second close of an action that is closing for one after
   * the time limit, and then compensates who has not completed yet: so a repeated call only hears
   * how the action stands, and recovery goes on with it.
   */
  private void end(URI id, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    long deadline = System.nanoTime() + JOINING.toNanos();
    for (var action = actions.get().lookupTransaction(id);
        action != null;
        action = actions.get().lookupTransaction(id)) {
      if (action.getLRAStatus() != LRAStatus.Active) {
        tell(action.getLRAStatus(), request, response);
        return;
      }
      if (endLocked(action, request, response)) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw ApiProblem.tryAgain("action-busy", "This action is being joined.", JOINING);
      }
      LockSupport.parkNanos(1_000_000);
    }
    toNarayana(request, response); // who says that it does not know it
  }

  private boolean endLocked(
      LongRunningAction action, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    var lock = actions.get().tryLockTransaction(action.getId());
    if (lock == null) {
      return false;
    }
    try {
      if (action.getLRAStatus() != LRAStatus.Active) {
        return false;
      }
      toNarayana(request, response);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static void tell(
      LRAStatus state, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean json = MediaType.APPLICATION_JSON_VALUE.equals(request.getHeader(HttpHeaders.ACCEPT));
    response.setContentType(json ? MediaType.APPLICATION_JSON_VALUE : MediaType.TEXT_PLAIN_VALUE);
    response.getWriter().write(json ? "{\"status\":\"" + state + "\"}" : state.name());
  }

  private static String path(HttpServletRequest request) {
    var path = request.getPathInfo();
    return path == null ? "" : path;
  }
}
