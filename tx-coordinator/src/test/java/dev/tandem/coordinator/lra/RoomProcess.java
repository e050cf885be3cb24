package dev.tandem.coordinator.lra;

import dev.tandem.coordinator.ApplicationProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The application in a process of its own, spoken to as to the keeper of actions. */
final class RoomProcess extends ApplicationProcess {

  final LraClient client;
  final Path folder;

  RoomProcess(Path folder, List<ScriptedService> participants, String... more) throws IOException {
    this(LraClient.freePort(), folder, participants, more);
  }

  private RoomProcess(int port, Path folder, List<ScriptedService> participants, String... more)
      throws IOException {
    super(folder, RunningRoom.arguments(port, folder.resolve("data"), participants, more));
    this.folder = folder;
    this.client = new LraClient(port);
  }

  RoomProcess awaitHealthy() {
    awaitUntil(client::isHealthy);
    return this;
  }
}
