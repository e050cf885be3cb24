package dev.tandem.coordinator.xa.log;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** What the tests of the log start from. */
final class Given {

  static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456789Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  static final Halt NEVER_HALTED =
      (reason, cause) -> {
        throw new AssertionError(reason, cause);
      };

  private Given() {}

  static Decision decision(int number) {
    String transaction = "tandem-" + number;
    return new Decision(
        transaction,
        "change-" + number,
        Map.of(
            "customer-service", "xa1:" + transaction + ":1:change",
            "order-service", "xa1:" + transaction + ":2:change"),
        NOW.plusMillis(number));
  }

  static Anomaly anomaly(int number) {
    return new Anomaly(
        "tandem-" + number, "order-service", "xa1:" + number, "the branch is gone – “mixed”", NOW);
  }

  static DecisionLog log(Path folder) {
    return log(folder, LogSettings.defaults());
  }

  static DecisionLog log(Path folder, LogSettings settings) {
    return DecisionLog.open(folder, settings, CLOCK, NEVER_HALTED);
  }

  /** Starts that class as another process on that folder. */
  static Process process(Class<?> main, Path folder) throws Exception {
    String classes = place(DecisionLog.class) + File.pathSeparator + place(main);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes,
            main.getName(),
            folder.toString())
        .start();
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  static Path newestSegment(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("decisions-"))
          .max(Path::compareTo)
          .orElseThrow();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
