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
    command.addAll(List.of("-jar", settings.jar(part).toString()));
    return command;
  }
}
