package dev.tandem.bench;

import dev.tandem.bench.fault.Faults;
import dev.tandem.bench.fault.Links;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackListener;
import dev.tandem.stack.StackSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A whole stack in a folder of its own, with every mode loaded. It ends with this program, however
 * that ends; its logs stay, all else goes.
 */
final class OwnStack implements AutoCloseable {
  private final Path home;
  private final Stack stack;
  private final AtExit atExit;
  private volatile boolean ending;

  OwnStack(Path root, Path home, Links links) {
    this.home = home;
    var settings =
        links
            .in(StackSettings.of(root, System.getenv()))
            .with("TANDEM_HOME", home.toString())
            .with("TANDEM_PORTS", "free")
            .withModes(StackSettings.MODES.get(0), StackSettings.MODES);
    if (System.getenv("TANDEM_POSTGRESQL_FOLDER") == null) {
      // Unpacked once for all runs.
      settings =
          settings.with(
              "TANDEM_POSTGRESQL_FOLDER", root.resolve("bench/target/postgresql").toString());
    }
    this.stack = Stack.tiedToThisJvm(settings, StackListener.SILENT);
    this.atExit = new AtExit("end-of-stack", this::end);
    links.lead(stack);
  }

  Stack stack() {
    return stack;
  }

  void up() {
    stack.up(false);
  }

  /** In which each part has its data folder; there once it is up. */
  Path data() {
    return home.resolve("data");
  }

  /** Whether it is being ended, from wherever. */
  boolean isEnding() {
    return ending;
  }

  @Override
  public void close() {
    end();
    atExit.close();
  }

  private synchronized void end() {
    if (!ending) {
      ending = true;
      stack.close();
      Faults.leaveNothing(home);
      deleteAllButLogs();
    }
  }

  /** The secrets of this installation, too: what is left may be shown to anybody. */
  private void deleteAllButLogs() {
    if (!Files.exists(home)) {
      return;
    }
    try (var all = Files.list(home)) {
      all.filter(each -> !each.endsWith("logs")).forEach(OwnStack::deleteTree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteTree(Path folder) {
    try (var all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(OwnStack::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
