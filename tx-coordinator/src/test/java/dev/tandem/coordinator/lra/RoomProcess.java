package dev.tandem.coordinator.lra;

import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.TxCoordinator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real application in a process of its own, to be killed. */
final class RoomProcess implements AutoCloseable {

  final LraClient client;
  final Path folder;
  private final Process process;

  RoomProcess(Path folder, List<ScriptedService> participants, String... more) throws IOException {
    int port = LraClient.freePort();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            TxCoordinator.class.getName()));
    command.addAll(
        List.of(RunningRoom.arguments(port, folder.resolve("data"), participants, more)));
    this.folder = folder;
    this.process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("coordinator.out").toFile()))
            .start();
    this.client = new LraClient(port);
  }

  RoomProcess awaitHealthy() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(client::isHealthy);
    return this;
  }

  long pid() {
    return process.pid();
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

  @Override
  public void close() {
    kill();
  }
}
