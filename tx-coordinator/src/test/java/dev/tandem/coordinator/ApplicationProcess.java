package dev.tandem.coordinator;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** The real application in a process of its own, to be killed and frozen. */
public abstract class ApplicationProcess implements AutoCloseable {

  private final Process process;

  protected ApplicationProcess(Path folder, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.add(TxCoordinator.class.getName());
    command.addAll(List.of(arguments));
    this.process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("coordinator.out").toFile()))
            .start();
  }

  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Leaves no process behind that did not become so. */
  protected final void awaitUntil(Callable<Boolean> healthy) {
    try {
      await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(healthy);
    } catch (ConditionTimeoutException tooLate) {
      kill();
      throw tooLate;
    }
  }

  public final long pid() {
    return process.pid();
  }

  public final boolean isAlive() {
    return process.isAlive();
  }

  public final void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError("it lives on after kill -9");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  public final void freeze() throws Exception {
    signal("-STOP");
  }

  public final void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int status =
        new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill " + signal + " answered " + status);
    }
  }

  @Override
  public final void close() {
    kill();
  }
}
