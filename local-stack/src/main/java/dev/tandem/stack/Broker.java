package dev.tandem.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The message broker that runs here. Its messages are in its data folder. */
final class Broker implements LocalPart {
  // As for the services (see there); what messages may take in it is bounded at 64 MiB.
  private static final List<String> JVM =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:Tier4InvocationThreshold=20000",
          "-XX:Tier4MinInvocationThreshold=2400",
          "-XX:Tier4CompileThreshold=60000",
          "-XX:Tier4BackEdgeThreshold=160000",
          "-XX:+ExitOnOutOfMemoryError");

  private final PartPort port;
  private final PartPort healthPort;
  private final BrokerAccess access;
  private final Path data;
  private final StackSettings settings;

  Broker(
      PartPort port, PartPort healthPort, BrokerAccess access, Path data, StackSettings settings) {
    this.port = port;
    this.healthPort = healthPort;
    this.access = access;
    this.data = data;
    this.settings = settings;
  }

  @Override
  public String name() {
    return Parts.BROKER;
  }

  @Override
  public boolean isHealthy() {
    return Http.answersOk(healthPort.url() + "/health");
  }

  @Override
  public PartStatus status(@Nullable Long pid, boolean healthy) {
    return new PartStatus(
        name(), pid, healthy, access.url(), null, null, access.user(), access.password(), false);
  }

  @Override
  public List<PartPort> ports() {
    return List.of(port, healthPort);
  }

  @Override
  public void prepare() {
    Jvm.mustBeBuilt(name(), settings);
  }

  @Override
  public List<String> command() {
    var command = new ArrayList<>(Jvm.command(name(), settings, JVM));
    command.add("--folder=" + data);
    command.add("--port=" + port.port());
    command.add("--health-port=" + healthPort.port());
    command.addAll(settings.arguments(name()));
    return command;
  }

  @Override
  public Map<String, String> environment() {
    var environment = new TreeMap<>(settings.inheritedEnvironment());
    environment.putAll(access.environment());
    return environment;
  }

  @Override
  public Path workingFolder() {
    return data;
  }

  @Override
  public String stopSignal() {
    return "TERM";
  }

  @Override
  public Set<ProcessId> processes(ProcessId main) {
    return main.withDescendants();
  }
}
