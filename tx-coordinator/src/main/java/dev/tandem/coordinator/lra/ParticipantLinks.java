package dev.tandem.coordinator.lra;

import dev.tandem.rest.ApiProblem;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * The links that a participant may register: {@code complete} and {@code compensate} of the action
 * that it joins, at a configured service, named by its configured name. The coordinator calls what
 * a link says with the service token, so nothing else may ever get into its store.
 */
record ParticipantLinks(Set<String> participants) {

  private static final Pattern LINKS =
      Pattern.compile(
          "\\s*<(?<first>[^<>,]*)>\\s*;\\s*rel=\"?(?<firstRel>complete|compensate)\"?\\s*,"
              + "\\s*<(?<second>[^<>,]*)>\\s*;\\s*rel=\"?(?<secondRel>complete|compensate)\"?\\s*");

  private static final Pattern TARGET =
      Pattern.compile(
          "http://(?<participant>[a-z0-9-]+)/internal/lra/(?<action>[0-9a-f_-]+)"
              + "/(?<verb>complete|compensate)");

  ParticipantLinks(List<String> participants) {
    this(Set.copyOf(participants));
  }

  /**
   * @param links the value of a {@code Link} header
   * @param action the uid of the action that is joined: the only one that the links may end
   * @throws ApiProblem 400 if they are anything else
   */
  void check(String links, String action) {
    var found = LINKS.matcher(links);
    if (!found.matches()
        || found.group("firstRel").equals(found.group("secondRel"))
        || !ends(action, found.group("firstRel"), found.group("first"))
        || !ends(action, found.group("secondRel"), found.group("second"))) {
      throw ApiProblem.of(
          HttpStatus.BAD_REQUEST,
          "link-refused",
          "Link must name complete and compensate, each as"
              + " http://<participant>/internal/lra/<this action>/<rel>, with one of the"
              + " participants "
              + participants
              + ".");
    }
  }

  private boolean ends(String action, String verb, String link) {
    var target = TARGET.matcher(link);
    return target.matches()
        && participants.contains(target.group("participant"))
        && target.group("action").equals(action)
        && target.group("verb").equals(verb);
  }

  /** Whether this may be called at all: asked again before each call. */
  boolean allow(URI callback) {
    var target = TARGET.matcher(callback.toString());
    return target.matches() && participants.contains(target.group("participant"));
  }
}
