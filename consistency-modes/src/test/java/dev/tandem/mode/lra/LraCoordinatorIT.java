package dev.tandem.mode.lra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.Scripted;
import dev.tandem.mode.Scripted.Reply;
import dev.tandem.mode.TestApp;
import dev.tandem.mode.lra.LraCoordinator.Joining;
import dev.tandem.mode.lra.LraCoordinator.Verdict;
import dev.tandem.rest.internal.InternalClients;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the room makes of a coordinator's answers, and of those that do not come. */
@Timeout(10) // seconds; who hangs in these tests hangs for ever
class LraCoordinatorIT {

  private static final int PORT = TestApp.freePort();
  private static final ActionId ACTION = new ActionId("0_ffff7f000001_8f3d_1");

  private static TestApp app;
  private static LraCoordinator coordinator;

  /** For answers that do not come. */
  private static LraCoordinator hasty;

  private Scripted scripted;

  @BeforeAll
  static void start() {
    app =
        new TestApp(
            TestApp.OwnerSide.class,
            Databases.CUSTOMER,
            Map.of(
                "tandem.services.tx-coordinator.url", "http://127.0.0.1:" + PORT,
                "tandem.services.order-service.url", "http://127.0.0.1:" + PORT));
    coordinator = coordinatorThatAnswersWithin(Duration.ofSeconds(20));
    hasty = coordinatorThatAnswersWithin(Duration.ofMillis(400));
  }

  private static LraCoordinator coordinatorThatAnswersWithin(Duration within) {
    return new LraCoordinator(
        app.bean(InternalClients.class),
        new LraSettings(Duration.ofSeconds(4), within, within, within.plusMillis(1), within));
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @BeforeEach
  void script() {
    scripted = new Scripted(PORT).header("Narayana-LRA-API-version", "1.2");
  }

  @AfterEach
  void close() {
    scripted.close();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:9090/lra-coordinator/0_ff_1, 0_ff_1",
    "0_ff_1, 0_ff_1",
    "' http://a/lra-coordinator/0_ff_1\n', 0_ff_1"
  })
  void anActionIsNamedByItsLastSegment(String answer, String action) {
    scripted.on("/lra-coordinator/start", 201, answer);
    assertThat(coordinator.start(ChangeId.random())).contains(new ActionId(action));
  }

  @Test
  void aStartWithoutAUsableAnswerIsNoAction() {
    scripted.on("/start", 500, "");
    assertThat(coordinator.start(ChangeId.random())).isEmpty();
    scripted.on("/start", 201, "");
    assertThat(coordinator.start(ChangeId.random())).isEmpty();
    scripted.on("/start", 201, "http://a/lra coordinator/<html>");
    assertThat(coordinator.start(ChangeId.random())).isEmpty();
    scripted.hangOn("/start");
    assertThat(hasty.start(ChangeId.random())).isEmpty();
    scripted.close();
    assertThat(coordinator.start(ChangeId.random())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200, Closed, CLOSED",
    "200, Cancelled, CANCELLED",
    "200, Closing, UNDER_WAY",
    "202, Cancelling, UNDER_WAY",
    "200, Active, UNDER_WAY",
    "200, FailedToClose, FAILED",
    "200, FailedToCancel, FAILED",
    "200, <html>, UNDER_WAY",
    "404, gone, GONE",
    "410, gone, GONE",
    "401, Closed, UNDER_WAY",
    "500, Closed, UNDER_WAY",
    "503, Closed, UNDER_WAY",
  })
  void theBodyTellsTheEnd(int status, String body, Verdict verdict) {
    scripted.on("/close", status, body).on("/cancel", status, body);
    assertThat(coordinator.close(ACTION)).isEqualTo(verdict);
    assertThat(coordinator.cancel(ACTION)).isEqualTo(verdict);
  }

  @Test
  void aStrangersNotFoundSaysNothing() {
    scripted.close();
    scripted = new Scripted(PORT).on("/close", 404, "").on("/" + ACTION, 404, "");
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.UNDER_WAY);
    assertThat(coordinator.join(ACTION, "order-service")).isEqualTo(Joining.NO_ANSWER);
  }

  @Test
  void anActionThatIsEndingAlreadyIsAskedForItsStatus() {
    scripted.on("/close", 412, "not active").on("/status", 200, "Closed");
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.CLOSED);
    scripted.on("/status", 404, "");
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.GONE);
    scripted.on("/status", any -> null);
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.UNDER_WAY);
  }

  @Test
  void anEndWithoutAnAnswerIsUnderWay() {
    scripted.on("/close", any -> null);
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.UNDER_WAY);
    scripted.hangOn("/close");
    assertThat(hasty.close(ACTION)).isEqualTo(Verdict.UNDER_WAY);
    scripted.close();
    assertThat(coordinator.close(ACTION)).isEqualTo(Verdict.UNDER_WAY);
  }

  @ParameterizedTest
  @CsvSource({
    "200, JOINED",
    "404, TOO_LATE",
    "410, TOO_LATE",
    "412, TOO_LATE",
    "400, NO_ANSWER",
    "500, NO_ANSWER"
  })
  void onlyAJoinThatIsConfirmedIsOne(int status, Joining joining) {
    scripted.on("/" + ACTION, any -> new Reply(status, ""));
    assertThat(coordinator.join(ACTION, "order-service")).isEqualTo(joining);
  }

  @Test
  void aJoinWithoutAnAnswerIsNone() {
    scripted.hangOn("/" + ACTION);
    assertThat(hasty.join(ACTION, "order-service")).isEqualTo(Joining.NO_ANSWER);
    scripted.close();
    assertThat(coordinator.join(ACTION, "order-service")).isEqualTo(Joining.NO_ANSWER);
  }
}
