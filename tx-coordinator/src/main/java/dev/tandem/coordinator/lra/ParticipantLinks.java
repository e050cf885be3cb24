package dev.tandem.coordinator.lra;

import dev.tandem.rest.ApiProblem;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * The links that a participant may register: {@code complete} and {@code compensate}, each below
 * {@code /internal/lra/} of a configured service, named by its configured name. The coordinator
 * calls what a link says with the service token, so nothing else may ever get into its store.
 */
record ParticipantLinks(Set<String> participants) {

  private static final Pattern LINKS =
      Pattern.compile(
          "\\s*<(?<first>[^<>,]*)>\\s*;\\s*rel=\"?(?<firstRel>complete|compensate)\"?\\s*,"
              + "\\s*<(?<second>[^<>,]*)>\\s*;\\s*rel=\"?(?<secondRel>complete|compensate)\"?\\s*");

  private static final Pattern TARGET =
      Pattern.compile("http://(?<participant>[a-z0-9-]+)(?<path>/internal/lra/[A-Za-z0-9/_.:-]+)");

  ParticipantLinks(List<String> participants) {
    this(Set.copyOf(participants));
  }

  /**
   * @param links the value of a {@code Link} header
   * @throws ApiProblem 400 if they are anything else
   */
  void check(String links) {
    var found = LINKS.matcher(links);
    if (!found.matches()
        || found.group("firstRel").equals(found.group("secondRel"))
        || !allowed(found.group("first"))
        || !allowed(found.group("second"))) {
      throw ApiProblem.of(
          HttpStatus.BAD_REQUEST,
          "link-refused",
          "Link must name complete and compensate, each http://<participant>/internal/lra/… with"
              + " one of the participants "
              + participants
              + ".");
    }
  }

  private boolean allowed(String link) {
    var target = TARGET.matcher(link);
    return target.matches()
        && participants.contains(target.group("participant"))
        && Arrays.stream(target.group("path").split("/")).noneMatch(ParticipantLinks::climbs);
  }

  private static boolean climbs(String segment) {
    return segment.equals("..") || segment.equals(".");
  }

  /** Whether this may be called at all: asked again before each call. */
  boolean allow(URI callback) {
    return allowed(callback.toString());
  }
}
