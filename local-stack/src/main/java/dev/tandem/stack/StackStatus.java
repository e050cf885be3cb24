package dev.tandem.stack;

import java.util.List;

/** The stack at one moment. */
public record StackStatus(
    State state, String mode, Unsettled unsettled, MessageFlow messages, List<PartStatus> parts) {
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
