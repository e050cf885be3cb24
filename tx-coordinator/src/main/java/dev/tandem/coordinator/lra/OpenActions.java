package dev.tandem.coordinator.lra;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.narayana.lra.LRAConstants;
import io.narayana.lra.LRAData;
import io.narayana.lra.coordinator.domain.service.LRAService;
import java.time.Clock;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.lra.annotation.LRAStatus;
import org.jspecify.annotations.Nullable;

/** The actions that have not ended well yet, each once: Narayana's own list can name one twice. */
final class OpenActions {

  /**
   * @param action the last segment of the action's id
   * @param clientId what the initiator called it when it began
   * @param state {@code active}, {@code closing}, {@code cancelling}, {@code failed-to-close} or
   *     {@code failed-to-cancel}; the last two are final
   */
  record OpenAction(String action, @Nullable String clientId, String state, long ageMillis) {

    @JsonIgnore
    boolean isFailed() {
      return state.startsWith("failed-");
    }
  }

  private static final Set<LRAStatus> ENDED = EnumSet.of(LRAStatus.Closed, LRAStatus.Cancelled);

  private final LRAService service;
  private final Clock clock;

  OpenActions(LRAService service, Clock clock) {
    this.service = service;
    this.clock = clock;
  }

  /** {@code FailedToClose} as {@code failed-to-close}. */
  static String wordFor(LRAStatus state) {
    return state.name().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** Oldest first. */
  List<OpenAction> all() {
    var byAction = new LinkedHashMap<String, LRAData>();
    Stream.concat(service.getAll().stream(), service.getFailedLRAs().stream())
        .filter(action -> !ENDED.contains(action.getStatus()))
        .sorted(Comparator.comparingLong(LRAData::getStartTime))
        .forEach(action -> byAction.put(LRAConstants.getLRAUid(action.getLraId()), action));
    return byAction.entrySet().stream()
        .map(entry -> view(entry.getKey(), entry.getValue()))
        .toList();
  }

  private OpenAction view(String uid, LRAData action) {
    return new OpenAction(
        uid,
        action.getClientId(),
        wordFor(action.getStatus()),
        Math.max(0, clock.millis() - action.getStartTime()));
  }

  long open() {
    return all().stream().filter(action -> !action.isFailed()).count();
  }

  long failed() {
    return all().stream().filter(OpenAction::isFailed).count();
  }
}
