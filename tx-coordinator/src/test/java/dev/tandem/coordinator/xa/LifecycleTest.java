package dev.tandem.coordinator.xa;

import static dev.tandem.coordinator.xa.ScriptedParticipant.State.COMMITTED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class LifecycleTest {

  @TempDir Path folder;

  final ScriptedParticipant orders = new ScriptedParticipant("order-service");
  final List<ScriptedParticipant> alone = List.of(orders);

  @AfterEach
  void close() {
    orders.close();
  }

  @Test
  void whileItStopsItBeginsNothingAndFinishesWhatIsLive() {
    var coordinator = start();
    var client = coordinator.client;
    var begun = client.begin("last", alone);
    orders.prepares(begun.branch(orders));

    var stopping = CompletableFuture.runAsync(coordinator::close);
    var body = "{\"reference\":\"late\",\"participants\":[\"order-service\"]}";
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> client.post("/internal/xa/transactions", body).status() == 503);
    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    stopping.join();
    assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(COMMITTED);
  }

  @Test
  void whatNobodyEndsIsRolledBackBeforeItStops() {
    var coordinator = start();
    var begun = coordinator.client.begin("last", alone);
    orders.prepares(begun.branch(orders));

    coordinator.close();
    assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(ROLLED_BACK);
  }

  @Test
  void whatWasDecidedBeforeItStoppedIsDeliveredAfterwards() {
    CoordinatorClient.Begun begun;
    orders.on("commit", branch -> ScriptedParticipant.Reply.BUSY);
    try (var first = start()) {
      begun = first.client.begin("last", alone);
      orders.prepares(begun.branch(orders));
      assertThat(first.client.commit(begun).outcome()).isEqualTo("decided");
    }
    orders.actsOn("commit");
    try (var second = start()) {
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> second.client.find(begun.id()).outcome().equals("committed"));
    }
    assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(COMMITTED);
  }

  // X2

  @Test
  void aVerbForAnUnknownIdRollsItsBranchesBackAtOnce() {
    try (var coordinator = start("--tandem.xa.recovery-delay=1h")) {
      var orphan = "xa1:tandem-tm17:tandem-tm1:lost";
      orders.prepares(orphan);

      assertThat(coordinator.client.rollback("tandem-tm17").outcome()).isEqualTo("rolled-back");
      await().atMost(Duration.ofSeconds(2)).until(() -> orders.stateOf(orphan) == ROLLED_BACK);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tandem.xa.name=tm1 | tandem.xa.name=tm1",
        "--tandem.xa.name=Tandem | tandem.xa.name=Tandem",
        "--tandem.xa.timeout=0s | tandem.xa.timeout",
        "--tandem.xa.timeout=9s | tandem.xa.timeout",
        "--tandem.xa.participants= | tandem.xa.participants",
        "--tandem.xa.participants=stranger | tandem.services.stranger.url",
        "--tandem.xa.log-folder=/proc/nowhere | tandem.xa.log-folder",
      })
  void aWrongSettingStopsTheStartWithASentence(
      String setting, String named, CapturedOutput output) {
    assertThatThrownBy(() -> start(setting)).isNotNull();

    assertThat(output).contains("APPLICATION FAILED TO START").contains(named);
  }

  @Test
  void aSecondCoordinatorOnTheSameFolderIsRefusedWithASentence() throws Exception {
    var elsewhere = "--tandem.lra.store-folder=" + folder.resolve("elsewhere");
    try (var first = new RunningCoordinator(folder.resolve("log"), alone);
        var second = new CoordinatorProcess(folder, alone, elsewhere)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> !second.isAlive());
      assertThat(folder.resolve("coordinator.out"))
          .content()
          .contains("APPLICATION FAILED TO START")
          .contains("tandem.xa.log-folder");
      assertThat(first.client.isHealthy()).isTrue();
    }
  }

  private RunningCoordinator start(String... more) {
    return new RunningCoordinator(folder, alone, more);
  }
}
