package dev.tandem.coordinator.lra;

import dev.tandem.coordinator.TxCoordinator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The real application in this JVM. Narayana is static: one at a time, closed in good order. */
final class RunningRoom implements AutoCloseable {

  final LraClient client;
  private final ConfigurableApplicationContext context;

  RunningRoom(Path data, List<ScriptedService> participants, String... more) {
    int port = LraClient.freePort();
    this.context =
        new SpringApplicationBuilder(TxCoordinator.class)
            .run(arguments(port, data, participants, more));
    this.client = new LraClient(port);
  }

  static String[] arguments(
      int port, Path data, List<ScriptedService> participants, String... more) {
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=" + port);
    arguments.add("--tandem.internal.token=" + LraClient.TOKEN);
    arguments.add("--tandem.xa.log-folder=" + data.resolve("xa"));
    participants.forEach(
        one -> arguments.add("--tandem.services." + one.name + ".url=" + one.url()));
    arguments.addAll(List.of(more)); // the last one of a name counts
    return arguments.toArray(String[]::new);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
