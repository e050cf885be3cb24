package dev.tandem.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen about a stack, read from environment variables (the README lists them).
 * Immutable.
 *
 * <p>Of a variable that belongs to a part, the name is {@code TANDEM_}, the part's name in
 * capitals, and the suffix: {@code TANDEM_ORDER_SERVICE_PORT}.
 */
public final class StackSettings {
  static final String PORTS = "TANDEM_PORTS";
  static final String MODE = "TANDEM_CONSISTENCY_MODE";
  static final String ENABLED = "TANDEM_CONSISTENCY_ENABLED";

  /**
   * What limits can be kept in step by; besteffort, which promises nothing, wants to be enabled.
   */
  public static final List<String> MODES = List.of("xa", "lra", "event", "besteffort");

  /** What the services load by themselves. */
  private static final String LOADED = "xa,lra,event";

  private static final String START_LIMIT = "TANDEM_START_LIMIT_SECONDS";
  private static final Duration STANDARD_START_LIMIT = Duration.ofSeconds(90);

  private final Path root;
  private final Map<String, String> environment;

  private StackSettings(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = Map.copyOf(environment);
  }

  /**
   * @param root the repository, in which the parts' jars are
   * @param environment as {@link System#getenv()} has it; the parts get it too, apart from the
   *     databases' secrets
   */
  public static StackSettings of(Path root, Map<String, String> environment) {
    return new StackSettings(root.toAbsolutePath().normalize(), environment);
  }

  /** The same with one variable set. */
  public StackSettings with(String variable, String value) {
    return withAll(Map.of(variable, value));
  }

  /**
   * The same with this mode in force (unless null), and these loaded besides those that are.
   *
   * @throws StackException if there is no such mode
   */
  public StackSettings withModes(@Nullable String mode, List<String> besides) {
    var inForce = mode == null ? this : with(MODE, mode);
    inForce.mode(); // an unknown one is told now
    if (besides.isEmpty()) {
      return inForce;
    }
    var all = new LinkedHashSet<>(List.of(text(ENABLED).orElse(LOADED).split("\\s*,\\s*")));
    all.addAll(besides);
    return inForce.with(ENABLED, String.join(",", all));
  }

  StackSettings withAll(Map<String, String> variables) {
    var all = new LinkedHashMap<>(environment);
    all.putAll(variables);
    return new StackSettings(root, all);
  }

  /**
   * The folder that keeps data, logs and state: {@code TANDEM_HOME}, or {@code .tandem} in the
   * repository.
   */
  public Path home() {
    return text("TANDEM_HOME")
        .map(Path::of)
        .map(Path::toAbsolutePath)
        .orElse(root.resolve(".tandem"))
        .normalize();
  }

  /** Where PostgreSQL's programs are unpacked; several stacks may share it. */
  Path postgresFolder() {
    return text("TANDEM_POSTGRESQL_FOLDER")
        .map(Path::of)
        .orElse(home().resolve("postgresql"))
        .toAbsolutePath();
  }

  Path jar(String part) {
    return root.resolve(part).resolve("target").resolve(part + "-exec.jar");
  }

  /** The same program, unpacked by the build; db-init is not. */
  Path unpacked(String part) {
    return root.resolve(part).resolve("target").resolve("app").resolve(part + "-exec.jar");
  }

  /** The mode in force; the first of {@link #MODES} unless another one is named. */
  String mode() {
    var mode = text(MODE).orElse(MODES.get(0));
    if (!MODES.contains(mode)) {
      throw new StackException(
          "There is no mode %s. The modes are %s.".formatted(mode, String.join(", ", MODES)));
    }
    return mode;
  }

  /** What customer-service is told; which modes it loads is its own affair unless somebody says. */
  List<String> modeArguments() {
    var arguments = new ArrayList<>(List.of("--tandem.consistency.mode=" + mode()));
    text(ENABLED).map("--tandem.consistency.enabled="::concat).ifPresent(arguments::add);
    return arguments;
  }

  boolean wantsFreePorts() {
    return text(PORTS).filter("free"::equals).isPresent();
  }

  Optional<Integer> port(String variable) {
    return text(variable).map(value -> portIn(variable, value));
  }

  /**
   * Host and port by which one part is to reach another one, when that is not the other's own
   * address: {@code TANDEM_CUSTOMER_SERVICE_TO_ORDER_SERVICE}. A proxy can sit there.
   */
  Optional<String> link(String from, String to) {
    return text(linkVariable(from, to));
  }

  /** The variable that puts something between two parts: its value is a host and a port. */
  public static String linkVariable(String from, String to) {
    return variable(from, variable(to, "").replaceFirst("^TANDEM_", "TO_").replaceFirst("_$", ""));
  }

  Duration startLimit() {
    try {
      return text(START_LIMIT)
          .map(Long::parseLong)
          .map(Duration::ofSeconds)
          .orElse(STANDARD_START_LIMIT);
    } catch (NumberFormatException e) {
      throw new StackException(START_LIMIT + " is to be a number of seconds.", e);
    }
  }

  /** Words, separated by spaces; there is no quoting. */
  List<String> javaOptions(String part) {
    return words(variable(part, "JAVA_OPTS"));
  }

  List<String> arguments(String part) {
    return words(variable(part, "ARGS"));
  }

  Optional<DatabaseServer> externalServer(String database) {
    return text(variable(database, "URL")).map(url -> externalServer(database, url));
  }

  /** The broker at {@code TANDEM_BROKER_URL}; empty when none is named. */
  Optional<BrokerAccess> externalBroker(String part) {
    return text(variable(part, "URL"))
        .map(url -> new BrokerAccess(url, demanded(part, "USER"), demanded(part, "PASSWORD")));
  }

  /**
   * What a later command must know of this one to find the same stack again. Holds passwords of
   * external servers.
   */
  Map<String, String> toRemember(List<String> databases) {
    var remembered = new TreeMap<String, String>();
    remembered.put(MODE, mode());
    text(ENABLED).ifPresent(modes -> remembered.put(ENABLED, modes));
    var ofDatabases =
        databases.stream()
            .flatMap(
                database ->
                    Stream.of("URL", "ADMIN_USER", "ADMIN_PASSWORD")
                        .map(suffix -> variable(database, suffix)));
    var ofBroker =
        Stream.of("URL", "USER", "PASSWORD").map(suffix -> variable(Parts.BROKER, suffix));
    Stream.concat(ofDatabases, ofBroker)
        .forEach(variable -> text(variable).ifPresent(value -> remembered.put(variable, value)));
    return remembered;
  }

  /**
   * What the parts inherit: everything but the servers' addresses and secrets, which each gets for
   * itself alone.
   */
  Map<String, String> inheritedEnvironment() {
    var inherited = new TreeMap<>(environment);
    Predicate<String> ofServers =
        name ->
            name.startsWith("TANDEM_")
                && (name.contains("_DB_")
                    || name.contains("_BROKER_")
                    || name.endsWith("_PASSWORD"));
    inherited.keySet().removeIf(ofServers);
    return inherited;
  }

  static String variable(String part, String suffix) {
    return "TANDEM_" + part.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + suffix;
  }

  private Optional<String> text(String variable) {
    return Optional.ofNullable(environment.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private List<String> words(String variable) {
    return text(variable).map(value -> List.of(value.split("\\s+"))).orElse(List.of());
  }

  private String demanded(String part, String suffix) {
    return text(variable(part, suffix))
        .orElseThrow(
            () ->
                new StackException(
                    variable(part, "URL") + " needs " + variable(part, suffix) + ", too."));
  }

  private DatabaseServer externalServer(String database, String url) {
    var user = text(variable(database, "ADMIN_USER")).orElse("postgres");
    var passwordVariable = variable(database, "ADMIN_PASSWORD");
    var password =
        text(passwordVariable)
            .orElseThrow(
                () ->
                    new StackException(
                        variable(database, "URL")
                            + " needs "
                            + passwordVariable
                            + ", "
                            + user
                            + "'s password."));
    return DatabaseServer.at(url, user, password)
        .orElseThrow(
            () ->
                new StackException(
                    variable(database, "URL")
                        + " is not like jdbc:postgresql://host:port/postgres: "
                        + url));
  }

  private static int portIn(String variable, String value) {
    try {
      var port = Integer.parseInt(value);
      if (port > 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // told below, as for a number that is no port
    }
    throw new StackException(variable + "=" + value + " is not a port (1 to 65535).");
  }
}
