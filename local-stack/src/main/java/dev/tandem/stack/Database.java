package dev.tandem.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that runs here, with all that a promise about commits rests on switched on.
 */
final class Database implements LocalPart {
  private static final Duration REMAINS_LIMIT = Duration.ofSeconds(10);

  /** Given at each start, so that they are in force whatever stands in the data folder. */
  private static final List<String> CLUSTER_SETTINGS =
      List.of(
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "max_prepared_transactions=100",
          "max_connections=200",
          // A backend whose client has died while it waited for a lock would else run on, and may
          // PREPARE minutes later.
          "client_connection_check_interval=500ms",
          // When a change was committed, for who asks how long it held its locks.
          "track_commit_timestamp=on",
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "timezone=UTC",
          "log_timezone=UTC");

  // Lines of postmaster.pid, counted from 0.
  private static final int PID = 0;
  private static final int STATE = 7;

  private final String name;
  private final String database;
  private final PartPort port;
  private final DatabaseServer server;
  private final Path data;
  private final Path log;
  private final PostgresPrograms programs;
  private final Map<String, String> environment;

  Database(
      String name,
      String database,
      PartPort port,
      Installation installation,
      StackSettings settings) {
    this.name = name;
    this.database = database;
    this.port = port;
    this.server =
        DatabaseServer.here(port.port(), installation.secret(name + ".superuser.password"));
    this.data = installation.data(name);
    this.log = installation.log(name);
    this.programs = new PostgresPrograms(settings.postgresFolder());
    this.environment = settings.inheritedEnvironment();
  }

  @Override
  public String name() {
    return name;
  }

  DatabaseServer server() {
    return server;
  }

  @Override
  public boolean isHealthy() {
    // Asked before it is ready, it would fill its log with refusals.
    return isReady() && Sql.answers(server, "postgres");
  }

  @Override
  public PartStatus status(@Nullable Long pid, boolean healthy) {
    return new PartStatus(
        name,
        pid,
        healthy,
        null,
        null,
        server.jdbcUrl(database),
        server.adminUser(),
        server.adminPassword(),
        false);
  }

  @Override
  public List<PartPort> ports() {
    return List.of(port);
  }

  @Override
  public void prepare() {
    awaitEndOfRemains();
    // Nobody works here: what it says is stale. PostgreSQL itself would believe it if its pid had
    // gone to another process of ours.
    PrivateFile.delete(data.resolve("postmaster.pid"));
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise();
    }
  }

  /** A postmaster that works on our data: a launcher that was killed can leave one behind. */
  @Override
  public Optional<ProcessId> findRunning() {
    return line(PID)
        .map(Long::parseLong)
        .flatMap(ProcessId::running)
        .filter(process -> ProcessId.workingIn(data).contains(process));
  }

  @Override
  public List<String> commandPrefix() {
    return PostgresPrograms.commandPrefix();
  }

  @Override
  public List<String> command() {
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            programs.program("postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port.port())));
    CLUSTER_SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public Path workingFolder() {
    return data;
  }

  /** What PostgreSQL calls a fast shutdown: it ends its clients' sessions and waits for none. */
  @Override
  public String stopSignal() {
    return "INT";
  }

  @Override
  public Set<ProcessId> processes(ProcessId main) {
    var all = new LinkedHashSet<>(main.withDescendants());
    all.addAll(ProcessId.workingIn(data));
    return all;
  }

  /**
   * After a kill of the postmaster alone its children go on for a moment, and keep a new one from
   * starting.
   */
  private void awaitEndOfRemains() {
    if (!Waiting.until(REMAINS_LIMIT, () -> ProcessId.workingIn(data).isEmpty())) {
      throw new StackException(
          "%s: processes of an earlier PostgreSQL still work on %s: %s. End them first."
              .formatted(
                  name, data, ProcessId.workingIn(data).stream().map(ProcessId::pid).toList()));
    }
  }

  private boolean isReady() {
    return line(STATE).filter(state -> state.startsWith("ready")).isPresent();
  }

  private Optional<String> line(int number) {
    return PrivateFile.read(data.resolve("postmaster.pid"))
        .map(text -> text.lines().map(String::strip).toList())
        .filter(lines -> lines.size() > number)
        .map(lines -> lines.get(number));
  }

  /** Beside the data folder first: one that was interrupted leaves nothing that looks like data. */
  private void initialise() {
    var unfinished = data.resolveSibling(name + ".unfinished");
    var password = data.resolveSibling(name + ".password");
    Installation.deleteTree(unfinished);
    Installation.folder(data.resolveSibling(""));
    PrivateFile.write(password, server.adminPassword());
    try {
      if (Programs.run(initdb(unfinished, password), environment, Optional.of(log)) != 0) {
        throw new StackException(name + ": initdb failed; see " + log + ".");
      }
      Files.deleteIfExists(data);
      Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException(name + ": cannot make " + data + ": " + e.getMessage(), e);
    } finally {
      PrivateFile.delete(password);
    }
  }

  private List<String> initdb(Path folder, Path password) {
    var command = new ArrayList<>(commandPrefix());
    command.addAll(List.of(programs.program("initdb").toString(), "-D", folder.toString()));
    command.addAll(
        List.of("-U", server.adminUser(), "--pwfile=" + password, "-A", "scram-sha-256"));
    // The password is random, so nobody guesses it from its hash: thousands of iterations would
    // only make each look by SQL take three times as long.
    command.addAll(List.of("-c", "scram_iterations=1"));
    // PostgreSQL's own locale: the same order of texts on every machine.
    command.addAll(
        List.of(
            "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
    return command;
  }
}
