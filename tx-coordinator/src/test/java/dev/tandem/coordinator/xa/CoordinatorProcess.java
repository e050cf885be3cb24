package dev.tandem.coordinator.xa;

import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.TxCoordinator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real application in a process of its own, to be killed and frozen. */
final class CoordinatorProcess implements AutoCloseable {

  final CoordinatorClient client;
  private final Process process;

  CoordinatorProcess(Path folder, List<ScriptedParticipant> participants, String... more)
      throws IOException {
    int port = CoordinatorClient.freePort();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.add(TxCoordinator.class.getName());
    command.addAll(
        List.of(RunningCoordinator.arguments(port, folder.resolve("log"), participants, more)));
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("coordinator.out").toFile()))
            .start();
    this.client = new CoordinatorClient(port);
  }

  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  CoordinatorProcess awaitHealthy() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(client::isHealthy);
    return this;
  }

  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError("it lives on after kill -9");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void freeze() throws Exception {
    signal("-STOP");
  }

  void thaw() throws Exception {
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
  public void close() {
    kill();
  }
}
