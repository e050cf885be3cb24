package dev.tandem.coordinator.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Start, stop and restart of the room on its folder. */
@ExtendWith(OutputCaptureExtension.class)
class LraStoreTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  final ScriptedService customers = new ScriptedService("customer-service");
  final ScriptedService orders = new ScriptedService("order-service");
  final List<ScriptedService> both = List.of(customers, orders);

  @AfterEach
  void close() {
    both.forEach(ScriptedService::close);
  }

  @Test
  void aRestartKeepsOpenActions() {
    String action;
    try (var first = start()) {
      action = first.client.open(LIMIT, both);
    }
    try (var second = start()) {
      assertThat(second.client.openActions()).containsExactly(action);
      assertThat(second.client.close(action).body()).isEqualTo("Closed");
    }
    both.forEach(one -> assertThat(one.verbsFor(action)).containsExactly("complete"));
  }

  @Test
  void theStoreLiesBesideTheDecisionLog() {
    try (var room = start()) {
      assertThat(folder.resolve("lra")).isDirectoryContaining("glob:**.txlog");
      assertThat(folder).isDirectoryNotContaining("glob:**/ObjectStore");
    }
  }

  /**
   * The journal's own memory is ahead of the disk then: acting on it could contradict a restart.
   */
  @Test
  void afterAWriteThatFailedNothingIsBegunOrEndedBeforeARestart() {
    String action;
    try (var first = start()) {
      action = first.client.open(LIMIT, both);
      LraStore.STORE.fail(new java.io.IOException("the disk is gone"));

      assertThat(first.client.close(action).status()).isEqualTo(503);
      assertThat(first.client.send("POST", "/lra-coordinator/start").status()).isEqualTo(503);
      var health = first.client.send("GET", "/actuator/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.body()).contains("the disk is gone");
    }
    both.forEach(one -> assertThat(one.verbsFor(action)).isEmpty());
    try (var second = start()) {
      assertThat(second.client.send("GET", "/actuator/health").status()).isEqualTo(200);
      assertThat(second.client.close(action).body()).isEqualTo("Closed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tandem.lra.store-folder=/proc/nowhere | tandem.lra.store-folder=/proc/nowhere cannot be",
        "--tandem.lra.recovery-period=0s | tandem.lra.recovery-period is PT0S",
        "--tandem.lra.participants= | tandem.lra.participants is empty",
        "--tandem.lra.participants=stranger | tandem.services.stranger.url is not set",
      })
  void aWrongSettingStopsTheStartWithASentence(
      String setting, String sentence, CapturedOutput output) {
    assertThatThrownBy(() -> start(setting)).isNotNull();
    assertThat(output).contains("APPLICATION FAILED TO START").contains(sentence);
  }

  @Test
  void aFolderInUseStopsTheStartWithASentence(CapturedOutput output) throws Exception {
    var lra = java.nio.file.Files.createDirectories(folder.resolve("lra"));
    try (var held =
            FileChannel.open(
                lra.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = held.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(this::start).isNotNull();
    }
    assertThat(output).contains("APPLICATION FAILED TO START").contains("is in use by another");
  }

  private RunningRoom start(String... more) {
    return new RunningRoom(folder, both, more);
  }
}
