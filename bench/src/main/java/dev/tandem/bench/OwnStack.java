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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A whole stack in a folder of its own, with every mode loaded. It ends with this program, however
 * that ends; its logs stay, all else goes.
 */
final class OwnStack implements AutoCloseable {
  private static final Pattern OF_ANOTHER_STACK =
      Pattern.compile("TANDEM_(.*_(URL|PORT|USER|PASSWORD|TO_.*)|CONSISTENCY_.*|DB_INIT_ARGS)");

  private final Path home;
  private final Stack stack;
  private final AtExit atExit;
  private volatile boolean ending;

  OwnStack(Path root, Path home, Links links) {
    this.home = home;
    var settings =
        links
            .in(StackSettings.of(root, environment(System.getenv(), root, home)))
            .withModes(StackSettings.MODES.get(0), StackSettings.MODES);
    this.stack = Stack.tiedToThisJvm(settings, StackListener.SILENT);
    this.atExit = new AtExit("end-of-stack", this::end);
    links.lead(stack);
  }

  /** What somebody has set for a stack of theirs: where it is, and which servers it uses. */
  static Map<String, String> environment(Map<String, String> theirs, Path root, Path home) {
    var ours = new TreeMap<>(theirs);
    ours.keySet().removeIf(name -> OF_ANOTHER_STACK.matcher(name).matches());
    ours.put("TANDEM_HOME", home.toString());
    ours.put("TANDEM_PORTS", "free");
    // Unpacked once for all runs.
    var postgresql = root.resolve("bench").resolve("target").resolve("postgresql");
    ours.putIfAbsent("TANDEM_POSTGRESQL_FOLDER", postgresql.toString());
    // A part that is started again starts beside the load.
    ours.putIfAbsent("TANDEM_START_LIMIT_SECONDS", "180");
    return ours;
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
