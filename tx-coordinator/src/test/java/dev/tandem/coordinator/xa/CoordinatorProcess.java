package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.ApplicationProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The application in a process of its own, spoken to as to the coordinator of transactions. */
final class CoordinatorProcess extends ApplicationProcess {

  final CoordinatorClient client;

  CoordinatorProcess(Path folder, List<ScriptedParticipant> participants, String... more)
      throws IOException {
    this(CoordinatorClient.freePort(), folder, participants, more);
  }

  private CoordinatorProcess(
      int port, Path folder, List<ScriptedParticipant> participants, String... more)
      throws IOException {
    super(folder, RunningCoordinator.arguments(port, folder.resolve("log"), participants, more));
    this.client = new CoordinatorClient(port);
  }

  CoordinatorProcess awaitHealthy() {
    awaitUntil(client::isHealthy);
    return this;
  }
}
