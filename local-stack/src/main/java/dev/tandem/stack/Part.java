package dev.tandem.stack;

import org.jspecify.annotations.Nullable;

/** One part of the stack: what it is called, and whether it does its work. */
sealed interface Part permits LocalPart, ExternalDatabase, ExternalBroker {
  String name();

  /** Asks it, for at most two seconds. */
  boolean isHealthy();

  /** Its addresses; process and health are the caller's to fill in. */
  PartStatus status(@Nullable Long pid, boolean healthy);
}
