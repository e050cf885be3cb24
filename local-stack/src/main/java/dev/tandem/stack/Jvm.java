package dev.tandem.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How one of our executable jars is run: by the Java that runs the launcher. */
final class Jvm {
  private static final int FIRST_TO_WARN = 24;

  private Jvm() {}

  static void mustBeBuilt(String part, StackSettings settings) {
    var jar = settings.jar(part);
    if (!Files.exists(jar)) {
      throw new StackException(
          part + " is not built (there is no " + jar + "): ./mvnw -q -DskipTests package");
    }
  }

  /**
   * The jar that the build has unpacked, with its archive of loaded classes if it was this Java
   * that built: so it starts in half of the processor's time (decision 0010).
   */
  private static List<String> program(String part, StackSettings settings) {
    var unpacked = settings.unpacked(part);
    if (!Files.exists(unpacked)) {
      return List.of("-jar", settings.jar(part).toString());
    }
    var version = System.getProperty("java.runtime.version");
    var archive = unpacked.resolveSibling("classes-" + version + ".jsa");
    return Files.exists(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-jar", unpacked.toString())
        : List.of("-jar", unpacked.toString());
  }

  static List<String> command(String part, StackSettings settings, List<String> options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= FIRST_TO_WARN) {
      // Later versions warn of what Spring's and Atomikos' libraries do, unless told that it is
      // known.
      command.addAll(
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.addAll(settings.javaOptions(part));
    command.addAll(program(part, settings));
    return command;
  }
}
