package dev.tandem.coordinator.xa.log;

import java.time.Instant;
import java.util.Map;

/**
 * A decision to commit.
 *
 * @param transaction the global transaction's id
 * @param reference what the caller of <i>begin</i> calls the work
 * @param branches participant name to branch id
 * @param decidedAt when it was decided; kept, never used to let a decision expire
 */
public record Decision(
    String transaction, String reference, Map<String, String> branches, Instant decidedAt) {

  public Decision {
    branches = Map.copyOf(branches);
  }
}
