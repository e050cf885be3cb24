package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.StackStatus.State;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, each in a JVM of its own, as people call them. */
@BesideTheShop
class LauncherIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What the script looks for before it starts anything. */
  private static final List<String> SCRIPTS_PARTS =
      List.of(
          "db-init",
          "broker",
          "tx-coordinator",
          "customer-service",
          "order-service",
          "local-stack",
          "bench");

  @TempDir private Path folder;
  private TestShop shop;
  private Path output;
  private final List<Process> launchers = new ArrayList<>();

  @BeforeEach
  void shop() {
    shop = new TestShop(folder);
    output = folder.resolve("output");
  }

  @AfterEach
  void leaveNothing() {
    launchers.forEach(Process::destroyForcibly);
    shop.stack().close();
  }

  /** As a terminal does it: SIGINT to the script's whole process group. */
  @Test
  void ctrlCEndsAForegroundUpAndStopsEverything() throws Exception {
    var up = inAGroupOfItsOwn(scriptInTheFolder(), "up");
    waitFor("Ctrl-C stops it");
    var parts = processes();
    assertThat(parts).hasSize(6);

    interruptGroup(up);

    assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(130);
    assertThat(parts).noneMatch(ProcessId::isAlive);
    assertThat(groupOf(up)).as("nobody is left in the group").isEmpty();
    assertThat(Files.readString(output))
        .contains("customer-db       stopped")
        .doesNotContain("killed");
    assertThat(shop.stack().isUp()).isFalse();
  }

  @Test
  void endingAnUpThatIsStillStartingStopsWhatItStarted() throws Exception {
    shop.with("TANDEM_CUSTOMER_SERVICE_ARGS", "--sick");
    var up = launch("up", "--detach");
    waitFor("order-service     healthy");
    var parts = processes();

    up.destroy();

    assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isNotZero();
    assertThat(parts).hasSize(6).noneMatch(ProcessId::isAlive);
  }

  @Test
  void aForegroundUpSaysWhatHappensAndEndsWithADownFromElsewhere() throws Exception {
    var up = launch("up");
    waitFor("Ctrl-C stops it");

    shop.stack().kill("order-service");
    waitFor("order-service     has ended");
    shop.stack().down();

    assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isZero();
    waitFor("stopped by ./tandem down");
  }

  @Test
  void detachedPartsOutliveTheLauncherAndEachCommandFindsThem() throws Exception {
    assertThat(run("up", "--detach")).isZero();
    waitFor("./tandem down stops it");
    assertThat(shop.stack().status().state()).isEqualTo(State.UP);

    assertThat(run("up")).isEqualTo(1);
    waitFor("already runs");
    assertThat(run("kill", "order-db")).isZero();
    waitFor("order-db          killed");
    assertThat(run("kill", "order-bd")).isEqualTo(1);
    waitFor(
        "There is no part order-bd. The parts are customer-db, order-db, broker, tx-coordinator, customer-service, order-service.");
    assertThat(run("status")).isZero();
    waitFor("Tandem is partial, mode xa");
    assertThat(run("mode")).isZero();
    waitFor("Mode xa is in force, since 2026-11-22T10:00:00Z, by Ada.");
    waitFor("lra -> xa  by Ada");
    assertThat(run("mode", "lra")).isZero();
    assertThat(run("mode", "xa", "lra")).isEqualTo(2);
    assertThat(run("start", "order-db")).isZero();
    waitFor("order-db          healthy");
    assertThat(run("logs", "order-db")).isZero();
    waitFor("database system is ready to accept connections");
    assertThat(run("dead-letters")).isZero();
    waitFor("1  2026-11-22T12:00:00Z  lane 3, 5 attempts: unreadable");
    assertThat(run("dead-letters", "--redrive")).isZero();
    waitFor("1 letter was sent again.");
    assertThat(run("down")).isZero();
    assertThat(run("down")).isZero();
    waitFor("Nothing runs.");
  }

  @Test
  void killingTheJvmThatPartsAreTiedToKillsThem() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(Programs.canTieToParent());
    var owner = java(TiedToThisJvm.class.getName(), folder.toString());
    waitFor("all is up");
    var parts = processes();
    assertThat(parts).hasSize(6);

    owner.destroyForcibly();

    assertThat(ProcessId.awaitEnd(LIMIT, parts)).isTrue();
  }

  /** A JVM that is killed. */
  static final class TiedToThisJvm {
    public static void main(String[] arguments) throws InterruptedException {
      var stack = new TestShop(Path.of(arguments[0])).stack();
      // From a thread that ends: what it started must not end with it.
      var starter = new Thread(() -> stack.up(false));
      starter.start();
      starter.join();
      if (stack.status().state() == State.UP) {
        System.out.println("all is up");
      }
      Thread.currentThread().join();
    }

    private TiedToThisJvm() {}
  }

  private List<ProcessId> processes() {
    return shop.stack().status().parts().stream()
        .map(part -> ProcessId.running(part.pid()).orElseThrow())
        .toList();
  }

  private int run(String... command) throws IOException, InterruptedException {
    var process = launch(command);
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Its root is the folder where it lies; all that it would build is there already. */
  private Path scriptInTheFolder() throws IOException {
    for (var part : SCRIPTS_PARTS) {
      var target = Files.createDirectories(folder.resolve(part).resolve("target"));
      Files.createFile(target.resolve(part + ".jar"));
      var program = target.resolve(part + "-exec.jar");
      if (part.equals("local-stack")) {
        Files.createSymbolicLink(
            program, Path.of("target", "local-stack-exec.jar").toAbsolutePath());
      } else if (!Files.exists(program)) {
        Files.createFile(program);
      }
    }
    return Files.copy(Path.of("..", "tandem"), folder.resolve("tandem"));
  }

  /** Whoever runs this build in the background has told it, and so its children, to ignore one. */
  private Process inAGroupOfItsOwn(Path script, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of("setsid", "env", "--default-signal=INT", "/bin/sh", script.toString()));
    command.addAll(List.of(arguments));
    var builder = builder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return start(builder);
  }

  private static void interruptGroup(Process leader) throws Exception {
    assertThat(groupOf(leader)).contains(leader.pid());
    var kill = new ProcessBuilder("kill", "-s", "INT", "--", "-" + leader.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** All processes whose group this one leads. */
  private static List<Long> groupOf(Process leader) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> group(pid).equals(Long.toString(leader.pid())))
        .toList();
  }

  private static String group(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]; // its name may hold anything
    } catch (IOException ended) {
      return "";
    }
  }

  private Process launch(String... command) throws IOException {
    var arguments =
        new ArrayList<>(List.of("-Dtandem.root=" + folder, "dev.tandem.stack.cli.Tandem"));
    arguments.addAll(List.of(command));
    return java(arguments.toArray(String[]::new));
  }

  private Process java(String... arguments) throws IOException {
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command =
        new ArrayList<>(
            List.of("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
    command.addAll(List.of(arguments));
    return start(builder(command));
  }

  private ProcessBuilder builder(List<String> command) {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(output.toFile()));
    builder.environment().putAll(shop.variables());
    return builder;
  }

  private Process start(ProcessBuilder builder) throws IOException {
    var process = builder.start();
    launchers.add(process);
    return process;
  }

  private void waitFor(String text) throws IOException {
    var heard =
        Waiting.until(
            LIMIT, () -> PrivateFile.read(output).filter(all -> all.contains(text)).isPresent());
    assertThat(heard).as("\"%s\" in: %s", text, Files.readString(output)).isTrue();
  }
}
