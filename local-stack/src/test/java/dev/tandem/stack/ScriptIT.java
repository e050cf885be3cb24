package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code tandem} itself, with commands that start and build nothing. */
class ScriptIT {
  private static final Path SCRIPT = Path.of("..", "tandem").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void aHomeOfItsOwn() {
    environment.put("TANDEM_HOME", folder.resolve("home").toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  @Test
  void itWorksFromAnyFolderAndThroughLinks() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("a folder"));
    var direct = Files.createSymbolicLink(elsewhere.resolve("direct"), SCRIPT);
    var relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("direct"));

    assertThat(run(direct, "status")).contains("Tandem is down, mode unknown", "exit 0");
    assertThat(run(relative, "status", "--json")).contains("{\"state\":\"down\"", "exit 0");
    assertThat(folder.resolve("home")).as("a look leaves nothing behind").doesNotExist();
  }

  @Test
  void itFindsTheJavaOfThePath() throws Exception {
    environment.remove("JAVA_HOME");
    environment.put(
        "PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));

    assertThat(run(SCRIPT, "down")).contains("Nothing runs.", "exit 0");
  }

  @Test
  void itSaysThatThereIsNoJava() throws Exception {
    environment.remove("JAVA_HOME");
    environment.put("PATH", toolsWithoutJava().toString());

    assertThat(run(SCRIPT, "status"))
        .contains("There is no Java. Install a JDK 17 or later", "exit 1");
  }

  @Test
  void itSaysThatJavaHomeIsNone() throws Exception {
    environment.put("JAVA_HOME", folder.toString());

    assertThat(run(SCRIPT, "status"))
        .contains("JAVA_HOME is " + folder, "JDK 17 or later", "exit 1");
  }

  @Test
  void itSaysThatJavaIsTooOld() throws Exception {
    var old = Files.createDirectories(folder.resolve("old"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    var java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 1\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    environment.put("JAVA_HOME", old.toString());

    assertThat(run(SCRIPT, "status"))
        .contains("version 1: Tandem needs a JDK 17 or later", "exit 1");
  }

  @Test
  void whatItDoesNotKnowIsAnErrorWithItsUsage() throws Exception {
    assertThat(run(SCRIPT, "status", "--yaml")).contains("Unknown option: '--yaml'", "exit 2");
    assertThat(run(SCRIPT, "logs", "nobody")).contains("There is no part nobody", "exit 1");
  }

  private Path toolsWithoutJava() throws IOException {
    var tools = Files.createDirectories(folder.resolve("tools"));
    for (var tool : List.of("sh", "dirname", "readlink", "sed")) {
      var found =
          List.of(Path.of("/bin", tool), Path.of("/usr/bin", tool)).stream()
              .filter(Files::exists)
              .findFirst();
      Files.createSymbolicLink(tools.resolve(tool), found.orElseThrow());
    }
    return tools;
  }

  private String run(Path script, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", script.toString()));
    command.addAll(List.of(arguments));
    var output = Files.createTempFile(folder, "output", "");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    var process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output) + "exit " + process.exitValue();
  }
}
