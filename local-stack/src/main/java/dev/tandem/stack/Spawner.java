package dev.tandem.stack;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Starts processes in a session of their own, so that neither the terminal's end nor its Ctrl-C
 * reaches them.
 */
final class Spawner {
  // Linux ties a child's life to the *thread* that started it: this one lives as long as the JVM.
  private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(Spawner::daemon);

  private final boolean tied;
  private volatile boolean closed;

  private Spawner(boolean tied) {
    this.tied = tied;
  }

  /** Its processes outlive this JVM. */
  static Spawner detached() {
    return new Spawner(false);
  }

  /**
   * Its processes are killed by the kernel when this JVM ends, however that happens, if the
   * machine's setpriv knows how to.
   */
  static Spawner tiedToThisJvm() {
    return new Spawner(Programs.canTieToParent());
  }

  /** Starts nothing any more. What was started before this returns has been recorded. */
  void close() {
    await("the end of starting", STARTER.submit(() -> closed = true));
  }

  boolean isClosed() {
    return closed;
  }

  /** Starts the part's process and has it recorded before anything else can happen to it. */
  void spawn(LocalPart part, Path log, Consumer<ProcessId> recorder) {
    var builder = processOf(part, log);
    await(part.name(), STARTER.submit(() -> start(builder, recorder)));
  }

  private ProcessBuilder processOf(LocalPart part, Path log) {
    var command = new ArrayList<>(List.of("setsid"));
    command.addAll(part.commandPrefix());
    if (tied) {
      // After the prefix: a change of user would undo it.
      command.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
    }
    command.addAll(part.command());
    var builder =
        new ProcessBuilder(command).directory(Installation.folder(part.workingFolder()).toFile());
    builder.environment().clear();
    builder.environment().putAll(part.environment());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    return builder;
  }

  private ProcessId start(ProcessBuilder builder, Consumer<ProcessId> recorder) throws IOException {
    if (closed) {
      throw new IOException("the stack is being stopped");
    }
    var pid = builder.start().pid();
    var process = ProcessId.running(pid).orElseThrow(() -> new IOException("it ended at once"));
    recorder.accept(process);
    return process;
  }

  private static void await(String what, Future<?> done) {
    try {
      done.get();
    } catch (ExecutionException e) {
      var cause = Objects.requireNonNull(e.getCause());
      throw new StackException("Cannot start " + what + ": " + cause.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while starting " + what + ".", e);
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "process-starter");
    thread.setDaemon(true);
    return thread;
  }
}
