package dev.tandem.stack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs db-init to its end: roles, databases and tables are there afterwards. */
final class DbInit {
  static final String NAME = "db-init";
  private static final int LINES_OF_A_FAILURE = 30;

  private final Map<String, DatabaseServer> servers;
  private final Installation installation;
  private final StackSettings settings;

  /**
   * @param servers by the part's name
   */
  DbInit(Map<String, DatabaseServer> servers, Installation installation, StackSettings settings) {
    this.servers = servers;
    this.installation = installation;
    this.settings = settings;
  }

  void run() {
    var log = new LogFile(installation.log(NAME));
    log.beginRun();
    try {
      var exitCode = Programs.run(command(), environment(), Optional.of(log.file()));
      if (exitCode != 0) {
        throw new StackException(
            "%s failed with exit code %d. The last lines of %s:%n%s"
                .formatted(
                    NAME,
                    exitCode,
                    log.file(),
                    String.join("\n", log.lastLines(LINES_OF_A_FAILURE))
                        .indent(2)
                        .stripTrailing()));
      }
    } catch (IOException e) {
      throw new StackException("Cannot run " + NAME + ": " + e.getMessage(), e);
    }
  }

  private List<String> command() {
    // It lives for seconds: the quick compiler alone is the faster one.
    var command =
        new ArrayList<>(
            Jvm.command(
                NAME,
                settings,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")));
    servers.forEach(
        (name, server) -> command.addAll(List.of("--" + name, server.jdbcUrl("postgres"))));
    command.addAll(settings.arguments(NAME));
    return command;
  }

  private Map<String, String> environment() {
    var environment = new LinkedHashMap<>(settings.inheritedEnvironment());
    servers.forEach(
        (name, server) -> {
          environment.put(StackSettings.variable(name, "ADMIN_USER"), server.adminUser());
          environment.put(StackSettings.variable(name, "ADMIN_PASSWORD"), server.adminPassword());
          environment.put(
              StackSettings.variable(name, "PASSWORD"), installation.secret(name + ".password"));
          environment.put(
              StackSettings.variable(name, "OWNER_PASSWORD"),
              installation.secret(name + ".owner.password"));
        });
    return environment;
  }
}
