package dev.tandem.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The process of one part: starts it, ends it, and knows from one command to the next which it is,
 * by a file of the part's name.
 */
final class PartProcess {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final Duration FREEZE_LIMIT = Duration.ofSeconds(10);
  private static final int LINES_OF_A_FAILURE = 30;

  private final LocalPart part;
  private final Installation installation;
  private final Spawner spawner;
  private final LogFile log;

  PartProcess(LocalPart part, Installation installation, Spawner spawner) {
    this.part = part;
    this.installation = installation;
    this.spawner = spawner;
    this.log = new LogFile(installation.log(part.name()));
  }

  LocalPart part() {
    return part;
  }

  /**
   * The recorded process, while it lives (a pid that has gone to somebody else is not it), or one
   * that works on our data without being on record: a launcher that was killed can leave it behind.
   */
  Optional<ProcessId> running() {
    return PrivateFile.read(record())
        .flatMap(ProcessId::parse)
        .filter(ProcessId::isAlive)
        .or(part::findRunning);
  }

  boolean isRunning() {
    return running().isPresent();
  }

  /** Starts it and does not wait for its health. It must not run. */
  void launch() {
    log.beginRun();
    part.prepare();
    Ports.mustBeFree(part.ports());
    spawner.spawn(part, log.file(), this::record);
  }

  /**
   * Waits until it is healthy; throws, with its last log lines, when it ends or the limit passes
   * before.
   */
  void awaitHealthy(Duration limit, BooleanSupplier givenUp) {
    boolean decided =
        Waiting.until(limit, () -> givenUp.getAsBoolean() || !isRunning() || part.isHealthy());
    if (givenUp.getAsBoolean()) {
      throw new StackException(part.name() + " was given up.");
    }
    if (!isRunning()) {
      throw failure("ended while it started");
    }
    if (!decided) {
      throw failure("was not healthy within " + limit.toSeconds() + " s");
    }
  }

  /**
   * kill -9 of the process and all that belong to it, and waits until they are gone. Returns how
   * many; 0 if it did not run.
   */
  int kill() {
    var main = running();
    if (main.isEmpty()) {
      forget();
      return 0;
    }
    // Frozen first: so it cannot start another process between the look and the kill.
    ProcessId.signal("STOP", List.of(main.get()));
    var processes = part.processes(main.get());
    end(processes);
    return processes.size();
  }

  /** Asks it to end, and kills it when it does not. */
  Ending stop() {
    var main = running();
    if (main.isEmpty()) {
      forget();
      return Ending.DID_NOT_RUN;
    }
    var processes = part.processes(main.get());
    ProcessId.signal(part.stopSignal(), List.of(main.get()));
    ProcessId.signal("CONT", processes);
    if (ProcessId.awaitEnd(STOP_LIMIT, processes)) {
      forget();
      return Ending.STOPPED;
    }
    end(part.processes(main.get()));
    return Ending.KILLED;
  }

  /** Stops the clock for all its processes (SIGSTOP). On return none of their threads runs. */
  void freeze() {
    var processes = livingProcesses();
    ProcessId.signal("STOP", processes);
    if (!ProcessId.awaitStopped(FREEZE_LIMIT, processes)) {
      throw new StackException(
          part.name() + " did not stand still within " + FREEZE_LIMIT.toSeconds() + " s.");
    }
  }

  /** Lets it go on (SIGCONT). */
  void thaw() {
    ProcessId.signal("CONT", livingProcesses());
  }

  private Set<ProcessId> livingProcesses() {
    var main = running().orElseThrow(() -> new StackException(part.name() + " does not run."));
    return part.processes(main);
  }

  /** How a stop went. */
  enum Ending {
    STOPPED,
    KILLED,
    DID_NOT_RUN
  }

  private void end(Set<ProcessId> processes) {
    ProcessId.signal("KILL", processes);
    if (!ProcessId.awaitEnd(KILL_LIMIT, processes)) {
      throw new StackException(
          part.name() + " did not end within " + KILL_LIMIT.toSeconds() + " s of kill -9.");
    }
    forget();
  }

  private StackException failure(String what) {
    return new StackException(
        "%s %s. The last lines of %s:%n%s"
            .formatted(
                part.name(),
                what,
                log.file(),
                String.join("\n", log.lastLines(LINES_OF_A_FAILURE)).indent(2).stripTrailing()));
  }

  private void record(ProcessId process) {
    PrivateFile.write(record(), process.asText());
  }

  private void forget() {
    PrivateFile.delete(record());
  }

  private Path record() {
    return installation.run(part.name() + ".process");
  }
}
