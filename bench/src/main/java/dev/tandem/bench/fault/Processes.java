package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What faults ask of the parts' processes. */
final class Processes {
  private static final int TRIES = 3;

  private Processes() {}

  static long pidOf(Stack stack, String part) {
    var pid = stack.status().part(part).pid();
    if (pid == null) {
      throw new StackException(part + " does not run, so nothing can be done to it.");
    }
    return pid;
  }

  /** Whether the kernel says that it was stopped by a signal. */
  static boolean isStopped(long pid) {
    return state(pid).equals("T");
  }

  /** Whether it has ended. One of which only its exit code is left, for whoever asks, has. */
  static boolean isGone(long pid) {
    return List.of("", "Z", "X").contains(state(pid));
  }

  /** The kernel's letter; "" if there is no such process. */
  private static String state(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      int after = stat.lastIndexOf(')') + 2;
      return stat.substring(after, after + 1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Starts it; once more if that fails, because a start right after a kill may. */
  static void start(Stack stack, String part) {
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
