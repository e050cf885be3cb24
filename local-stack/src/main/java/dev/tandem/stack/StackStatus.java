package dev.tandem.stack;

import java.util.List;

/**
 * The stack at one moment.
 *
 * @param inDoubt transactions prepared somewhere and neither committed nor rolled back: as the
 *     coordinator counts them, or, when it is away, as the databases that can be reached show them
 */
public record StackStatus(State state, String mode, long inDoubt, List<PartStatus> parts) {
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
