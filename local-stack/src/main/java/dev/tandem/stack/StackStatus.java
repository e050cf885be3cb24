package dev.tandem.stack;

import java.util.List;

/**
 * The stack at one moment.
 *
 * @param mode the one in force, or {@link #UNKNOWN}
 */
public record StackStatus(
    State state, String mode, Unsettled unsettled, MessageFlow messages, List<PartStatus> parts) {
  /** In the place of the mode's name while customer-service does not tell it. */
  public static final String UNKNOWN = "unknown";

  /** All parts healthy; some not; none of ours runs. */
  public enum State {
    UP,
    PARTIAL,
    DOWN
  }

  public PartStatus part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst().orElseThrow();
  }
}
