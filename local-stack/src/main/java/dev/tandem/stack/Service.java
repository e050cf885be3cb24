package dev.tandem.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of our services: an executable jar with a public and an internal listener, or only an
 * internal one.
 */
final class Service implements LocalPart {
  // The serial collector: with so small a heap its pauses are short, and it leaves the other cores
  // alone, which on one machine belong to the other parts.
  // The optimizing compiler begins four times later than it would: at the start it would spend a
  // quarter of the processor's time on code that runs once. What is hot under load still gets it.
  private static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:Tier4InvocationThreshold=20000",
          "-XX:Tier4MinInvocationThreshold=2400",
          "-XX:Tier4CompileThreshold=60000",
          "-XX:Tier4BackEdgeThreshold=160000",
          "-XX:+ExitOnOutOfMemoryError");

  private final String name;
  private final Optional<PartPort> publicPort;
  private final PartPort internalPort;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final StackSettings settings;
  private final Path workingFolder;

  /**
   * @param arguments what everybody may see
   * @param secrets variables that it gets besides the inherited ones
   */
  Service(
      String name,
      Optional<PartPort> publicPort,
      PartPort internalPort,
      List<String> arguments,
      Map<String, String> secrets,
      StackSettings settings,
      Path workingFolder) {
    this.name = name;
    this.publicPort = publicPort;
    this.internalPort = internalPort;
    this.arguments = arguments;
    this.environment = new TreeMap<>(settings.inheritedEnvironment());
    this.environment.putAll(secrets);
    this.settings = settings;
    this.workingFolder = workingFolder;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isHealthy() {
    return Http.answersOk(publicUrl() + "/actuator/health/readiness");
  }

  String publicUrl() {
    return publicPort.orElse(internalPort).url();
  }

  String internalUrl() {
    return internalPort.url();
  }

  @Override
  public PartStatus status(@Nullable Long pid, boolean healthy) {
    return new PartStatus(
        name,
        pid,
        healthy,
        publicPort.map(PartPort::url).orElse(null),
        internalPort.url(),
        null,
        null,
        null,
        false);
  }

  @Override
  public List<PartPort> ports() {
    var ports = new ArrayList<PartPort>();
    publicPort.ifPresent(ports::add);
    ports.add(internalPort);
    return ports;
  }

  @Override
  public void prepare() {
    Jvm.mustBeBuilt(name, settings);
  }

  @Override
  public List<String> command() {
    var command = new ArrayList<>(Jvm.command(name, settings, JVM));
    command.addAll(arguments);
    command.addAll(settings.arguments(name));
    return command;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public Path workingFolder() {
    return workingFolder;
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
