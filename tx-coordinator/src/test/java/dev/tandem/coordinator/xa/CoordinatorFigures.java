package dev.tandem.coordinator.xa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The coordinator alone, with two branches that do nothing, beside Atomikos with its own file log:
 * {@code -Pfigures -Dtest=CoordinatorFigures}. Each arm is a process of its own, because Atomikos
 * is static; the arms alternate, because the machine is not quiet.
 */
@Tag("figures")
class CoordinatorFigures {

  private static final int ROUNDS = 2;
  private static final List<String> ARMS = List.of("atomikos", "tandem");
  private static final Path TMPFS = Path.of("/dev/shm");

  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder =
        Files.isWritable(TMPFS)
            ? Files.createTempDirectory(TMPFS, "tandem-figures")
            : Files.createTempDirectory("tandem-figures");
  }

  @AfterEach
  void removeFolder() throws IOException {
    try (var all = Files.walk(folder)) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    }
  }

  @Test
  void transactionsPerSecondBesideAtomikosOwnLog() throws Exception {
    var slowDisk = slowDisk();
    System.out.printf(
        "disk: %s%n",
        slowDisk == null ? "as it is (no C compiler: no figures of a 1 ms disk)" : "1 ms a force");
    var rates = new TreeMap<Integer, Map<String, List<Double>>>();
    for (int round = 1; round <= ROUNDS; round++) {
      for (var arm : ARMS) {
        run(arm, round, slowDisk).forEach(line -> note(line, arm, rates));
      }
    }
    System.out.printf("%8s %14s %14s %8s%n", "threads", "atomikos tx/s", "tandem tx/s", "ratio");
    rates.forEach(
        (threads, byArm) ->
            System.out.printf(
                "%8d %14s %14s %8.2f%n",
                threads,
                byArm.get("atomikos"),
                byArm.get("tandem"),
                best(byArm.get("tandem")) / best(byArm.get("atomikos"))));
    assertThat(rates).hasSize(3);
  }

  private static double best(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private static void note(String line, String arm, Map<Integer, Map<String, List<Double>>> rates) {
    var words = line.split(" ");
    rates
        .computeIfAbsent(Integer.valueOf(words[1]), t -> new TreeMap<>())
        .computeIfAbsent(arm, a -> new ArrayList<>())
        .add(Math.floor(Double.parseDouble(words[2])));
  }

  private List<String> run(String arm, int round, Path slowDisk) throws Exception {
    var own = folder.resolve(arm + round);
    Files.createDirectories(own);
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                arm.equals("atomikos") ? classPathWithoutOurLog() : CoordinatorProcess.classPath(),
                CoordinatorArm.class.getName(),
                arm,
                own.toString())
            .redirectErrorStream(true);
    if (slowDisk != null) {
      builder.environment().put("LD_PRELOAD", slowDisk.toString());
    }
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> line.startsWith("rate ")).toList();
  }

  /** Our classes without the service file by which Atomikos would find our log. */
  private String classPathWithoutOurLog() throws IOException {
    var classes = Path.of("target", "classes").toAbsolutePath();
    var copy = folder.resolve("classes");
    try (var all = Files.walk(classes)) {
      for (var source : all.filter(path -> !path.toString().contains("services")).toList()) {
        var target = copy.resolve(classes.relativize(source));
        if (!Files.exists(target)) {
          Files.copy(source, target);
        }
      }
    }
    return String.join(
        ":",
        Arrays.stream(CoordinatorProcess.classPath().split(":"))
            .map(entry -> Path.of(entry).equals(classes) ? copy.toString() : entry)
            .toList());
  }

  private Path slowDisk() throws Exception {
    var library = folder.resolve("slow_disk.so");
    try {
      var compiler =
          new ProcessBuilder(
                  "cc",
                  "-shared",
                  "-fPIC",
                  "-O1",
                  "-o",
                  library.toString(),
                  Path.of("src", "test", "disk", "slow_disk.c").toString())
              .inheritIO()
              .start();
      return compiler.waitFor(1, TimeUnit.MINUTES) && compiler.exitValue() == 0 ? library : null;
    } catch (IOException noCompiler) {
      return null;
    }
  }
}
