package dev.tandem.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a program to its end. */
final class Programs {
  private Programs() {}

  /** Whether setpriv can have the kernel kill a process when its parent ends. */
  static boolean canTieToParent() {
    return succeeds("setpriv", "--pdeathsig", "KILL", "true");
  }

  static boolean runsAsRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean succeeds(String... command) {
    try {
      return run(List.of(command), System.getenv(), Optional.empty()) == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  /**
   * Returns its exit code. It gets these variables and no others; its output goes to the file or
   * nowhere.
   */
  static int run(List<String> command, Map<String, String> environment, Optional<Path> output)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(
        output.map(Path::toFile).map(Redirect::appendTo).orElse(Redirect.DISCARD));
    var process = builder.start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
