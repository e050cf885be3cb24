package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.TxCoordinator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The real application in this JVM. Atomikos is static: one at a time, closed in good order. */
final class RunningCoordinator implements AutoCloseable {

  final CoordinatorClient client;
  private final ConfigurableApplicationContext context;

  RunningCoordinator(Path logFolder, List<ScriptedParticipant> participants, String... more) {
    int port = CoordinatorClient.freePort();
    this.context =
        new SpringApplicationBuilder(TxCoordinator.class)
            .run(arguments(port, logFolder, participants, more));
    this.client = new CoordinatorClient(port);
  }

  static String[] arguments(
      int port, Path logFolder, List<ScriptedParticipant> participants, String... more) {
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=" + port);
    arguments.add("--tandem.internal.token=" + CoordinatorClient.TOKEN);
    arguments.add("--tandem.xa.log-folder=" + logFolder);
    arguments.add(
        "--tandem.xa.participants="
            + String.join(",", participants.stream().map(p -> p.name).toList()));
    participants.forEach(p -> arguments.add("--tandem.services." + p.name + ".url=" + p.url()));
    arguments.add("--spring.main.banner-mode=off");
    arguments.addAll(Arrays.asList(more));
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
