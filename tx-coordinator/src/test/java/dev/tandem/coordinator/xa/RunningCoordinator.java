package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.TxCoordinator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    var settings = new LinkedHashMap<String, String>();
    settings.put("--server.port", String.valueOf(port));
    settings.put("--tandem.internal.token", CoordinatorClient.TOKEN);
    settings.put("--tandem.xa.log-folder", logFolder.toString());
    settings.put(
        "--tandem.xa.participants",
        String.join(",", participants.stream().map(p -> p.name).toList()));
    settings.put("--tandem.lra.store-folder", logFolder.resolve("lra").toString());
    settings.put("--tandem.lra.participants", settings.get("--tandem.xa.participants"));
    participants.forEach(p -> settings.put("--tandem.services." + p.name + ".url", p.url()));
    settings.put("--spring.main.banner-mode", "off");
    for (var setting : more) {
      var parts = setting.split("=", 2);
      settings.put(parts[0], parts[1]);
    }
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .toArray(String[]::new);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
