package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;

/** What faults ask of the parts' processes, and others who break something on purpose. */
public final class Processes {
  private static final int TRIES = 3;

  private Processes() {}

  static long pidOf(Stack stack, String part) {
    var pid = stack.status().part(part).pid();
    if (pid == null) {
      throw new StackException(part + " does not run, so nothing can be done to it.");
    }
    return pid;
  }

  /** Starts it; a few times if that fails, because a start right after a kill may. */
  public static void start(Stack stack, String part) {
    for (int failures = 1; ; failures++) {
      try {
        stack.start(part);
        return;
      } catch (StackException failed) {
        if (failures == TRIES) {
          throw failed;
        }
      }
    }
  }
}
