package dev.tandem.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One process and no other: a pid is given out again, but not with the same start and in the same
 * run of the machine.
 *
 * @param startTicks when it started, in the kernel's clock ticks since boot (not a date: the
 *     machine's clock can be set)
 * @param boot the kernel's name for this run of the machine
 */
record ProcessId(long pid, long startTicks, String boot) {
  private static final Path PROC = Path.of("/proc");
  private static final String CURRENT_BOOT =
      read(PROC.resolve("sys/kernel/random/boot_id")).orElse("unknown").strip();

  // What /proc/<pid>/stat has after the name in brackets: the state is its field 3, the number of
  // threads its field 20, the start its field 22.
  private static final int STATE = 0;
  private static final int THREADS = 20 - 3;
  private static final int START = 22 - 3;

  /** By a signal, or by a debugger; the last two have ended. */
  private static final Set<String> STOPPED = Set.of("T", "t", "Z", "X");

  /**
   * The process that has this pid now; empty when there is none, or only a dead one that nobody has
   * collected.
   */
  static Optional<ProcessId> running(long pid) {
    return stat(pid)
        .filter(stat -> !ended(stat))
        .map(stat -> new ProcessId(pid, start(stat), CURRENT_BOOT));
  }

  static Optional<ProcessId> parse(String text) {
    var words = text.strip().split(" ");
    try {
      return words.length == 3
          ? Optional.of(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]))
          : Optional.empty();
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  /**
   * Every process whose working folder this is. One that may not be looked at counts as being
   * elsewhere.
   */
  static Set<ProcessId> workingIn(Path folder) {
    var found = new LinkedHashSet<ProcessId>();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.map(ProcessHandle::pid)
          .filter(pid -> folder.equals(workingFolder(pid)))
          .forEach(pid -> running(pid).ifPresent(found::add));
    }
    return found;
  }

  boolean isAlive() {
    return running(pid).filter(this::equals).isPresent();
  }

  /** This process, if it is alive, and all that it started and that they started. */
  Set<ProcessId> withDescendants() {
    var family = new LinkedHashSet<ProcessId>();
    if (isAlive()) {
      family.add(this);
      ProcessHandle.of(pid).stream()
          .flatMap(ProcessHandle::descendants)
          .forEach(handle -> running(handle.pid()).ifPresent(family::add));
    }
    return family;
  }

  /** Sends a signal (KILL, TERM, …) to those that are still alive. */
  static void signal(String signal, Collection<ProcessId> processes) {
    var alive =
        processes.stream().filter(ProcessId::isAlive).map(id -> Long.toString(id.pid)).toList();
    if (alive.isEmpty()) {
      return;
    }
    // The shell's own kill: not every machine has it as a program, and Java can send TERM and KILL
    // only.
    var command =
        new ArrayList<>(List.of("sh", "-c", "kill -" + signal + " \"$@\" 2>/dev/null", "kill"));
    command.addAll(alive);
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True when all have ended within the limit. */
  static boolean awaitEnd(Duration limit, Collection<ProcessId> processes) {
    return Waiting.until(limit, () -> processes.stream().noneMatch(ProcessId::isAlive));
  }

  /** True when no thread of any of them runs any more, after SIGSTOP, within the limit. */
  static boolean awaitStopped(Duration limit, Collection<ProcessId> processes) {
    return Waiting.until(limit, () -> processes.stream().allMatch(ProcessId::isStopped));
  }

  /** Each thread by itself: the first one can stand still while another has not heard yet. */
  private boolean isStopped() {
    if (!isAlive()) {
      return true;
    }
    try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
      return threads
          .map(thread -> stat(thread.resolve("stat")))
          .flatMap(Optional::stream)
          .allMatch(stat -> STOPPED.contains(stat[STATE]));
    } catch (IOException | UncheckedIOException gone) {
      return !isAlive();
    }
  }

  String asText() {
    return pid + " " + startTicks + " " + boot;
  }

  private static Optional<String[]> stat(long pid) {
    return stat(PROC.resolve(pid + "/stat"));
  }

  private static Optional<String[]> stat(Path file) {
    return read(file)
        .map(text -> text.substring(text.lastIndexOf(')') + 2).split(" "))
        .filter(fields -> fields.length > START);
  }

  /**
   * The state is the first thread's alone: after a kill the others may live on for a moment, and
   * keep the ports.
   */
  private static boolean ended(String[] stat) {
    boolean firstThreadEnded = stat[STATE].equals("Z") || stat[STATE].equals("X");
    return firstThreadEnded && Integer.parseInt(stat[THREADS]) <= 1;
  }

  private static long start(String[] stat) {
    return Long.parseLong(stat[START]);
  }

  private static Path workingFolder(long pid) {
    try {
      return Files.readSymbolicLink(PROC.resolve(pid + "/cwd"));
    } catch (IOException goneOrForeign) {
      return PROC;
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
