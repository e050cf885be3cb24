package dev.tandem.bench;

import dev.tandem.bench.RunFacts.Machine;
import dev.tandem.stack.PartStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The machine, the programs and the sources of a run, for the head of its report. */
final class Surroundings {
  private static final int FORCED_WRITES = 200;
  private static final int PAGE = 4096;
  private static final String UNKNOWN = "unknown";

  /** Of what comes with the coordinator and the broker, by the names of their jars. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "spring-boot", "tx-coordinator",
          "transactions-jta", "tx-coordinator",
          "lra-coordinator-jar", "tx-coordinator",
          "artemis-server", "broker");

  private Surroundings() {}

  /**
   * @param folder where the databases will be; it must exist
   */
  static Machine machine(Path folder) {
    return new Machine(
        valueIn("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        memoryMiB(),
        disk(folder),
        fsyncMillisP50(folder),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  static Map<String, String> versions(Path root, PartStatus database) {
    var versions = new TreeMap<String, String>();
    versions.put("postgresql", postgres(database));
    LIBRARIES.forEach((library, part) -> versions.put(library, versionOf(root, part, library)));
    return versions;
  }

  /** The commit of the sources. */
  static String commit(Path root) {
    var commit = git(root, "rev-parse", "HEAD");
    if (commit.isEmpty()) {
      return UNKNOWN;
    }
    return git(root, "status", "--porcelain").isEmpty() ? commit : commit + "-dirty";
  }

  /** Milliseconds of the median of 200 forced writes of 4 KiB each. */
  private static double fsyncMillisP50(Path folder) {
    var file = folder.resolve("fsync-probe");
    var nanos = new long[FORCED_WRITES];
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (int i = 0; i < FORCED_WRITES; i++) {
        long began = System.nanoTime();
        channel.write(ByteBuffer.allocate(PAGE), (long) i * PAGE);
        channel.force(false);
        nanos[i] = System.nanoTime() - began;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Arrays.sort(nanos);
    return nanos[FORCED_WRITES / 2] / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static String disk(Path folder) {
    try {
      var store = Files.getFileStore(folder);
      return store.type() + " on " + store.name();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static long memoryMiB() {
    var total = valueIn("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return total.isEmpty() ? 0 : Long.parseLong(total) / 1024;
  }

  private static String valueIn(String file, String key) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String postgres(PartStatus database) {
    try (var connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException away) {
      return UNKNOWN;
    }
  }

  private static String versionOf(Path root, String part, String library) {
    var jar = Pattern.compile(Pattern.quote(library) + "-(\\d[^-]*).*\\.jar");
    try (var jars = Files.list(root.resolve(part).resolve("target/app/lib"))) {
      return jars.map(each -> jar.matcher(String.valueOf(each.getFileName())))
          .filter(java.util.regex.Matcher::matches)
          .map(found -> found.group(1).replaceFirst("\\.jar$", ""))
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String git(Path root, String... arguments) {
    var command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      var git =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var said = new String(git.getInputStream().readAllBytes()).strip();
      return git.waitFor() == 0 ? said : "";
    } catch (IOException noGit) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
