package dev.tandem.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A part that runs here: describes its process. {@link PartProcess} starts and ends it. */
sealed interface LocalPart extends Part permits Database, Broker, Service {
  List<PartPort> ports();

  /**
   * Makes all ready for a start: files that must be there, remains of an earlier run that must be
   * gone.
   */
  void prepare();

  /** The main process of this part when it runs although no start of ours is on record. */
  default Optional<ProcessId> findRunning() {
    return Optional.empty();
  }

  /** What must stand before the program, so that it runs as the user that it wants. */
  default List<String> commandPrefix() {
    return List.of();
  }

  List<String> command();

  Map<String, String> environment();

  Path workingFolder();

  /** Asks the main process to end in good order. */
  String stopSignal();

  /** The main process and all that belong to it. */
  Set<ProcessId> processes(ProcessId main);
}
