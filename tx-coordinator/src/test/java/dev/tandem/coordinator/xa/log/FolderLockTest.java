package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  /** Opens the log as another process, decides once, says so and stays. */
  static final class Other {
    public static void main(String[] arguments) throws IOException {
      try (var log = log(Path.of(arguments[0]))) {
        log.decide(decision(7));
        System.out.println("open");
        System.in.read();
      } catch (LogUnusable refused) {
        System.out.println(refused.getMessage());
      }
    }
  }

  @Test
  void aSecondOpenInThisProcessIsRefusedAndDoesNotLoosenTheLock() throws Exception {
    try (var log = log(folder)) {
      assertThatThrownBy(() -> log(folder))
          .isInstanceOf(LogUnusable.class)
          .hasMessageContaining("already open in this process");
      assertThat(firstWordsOf(Given.process(Other.class, folder)))
          .contains("in use by another process");
    }
    try (var again = log(folder)) {
      assertThat(again.undelivered()).isEmpty();
    }
  }

  @Test
  void aLogKilledElsewhereIsRefusedBeforeAndFreeAfter() throws Exception {
    var other = Given.process(Other.class, folder);
    try {
      assertThat(lineOf(other)).isEqualTo("open");
      assertThatThrownBy(() -> log(folder))
          .isInstanceOf(LogUnusable.class)
          .hasMessageContaining("in use by another process");
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (var log = log(folder)) {
      assertThat(log.undelivered()).containsExactly(decision(7));
    }
  }

  private static String firstWordsOf(Process process) throws Exception {
    try {
      return lineOf(process);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String lineOf(Process process) throws IOException {
    var out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    return new BufferedReader(out).readLine();
  }
}
