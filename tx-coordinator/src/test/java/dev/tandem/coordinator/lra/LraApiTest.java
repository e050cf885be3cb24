package dev.tandem.coordinator.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.lra.LraClient.Answer;
import dev.tandem.coordinator.lra.ScriptedService.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The room over HTTP, with participants that are servers of their own. */
@ExtendWith(OutputCaptureExtension.class)
class LraApiTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** From a participant's return to the end: a pass every second. */
  private static final Duration AFTER_RETURN = Duration.ofSeconds(3);

  @TempDir static Path folder;

  static final ScriptedService customers = new ScriptedService("customer-service");
  static final ScriptedService orders = new ScriptedService("order-service");
  static final List<ScriptedService> both = List.of(customers, orders);
  static RunningRoom room;
  static LraClient client;

  @BeforeAll
  static void start() {
    room = new RunningRoom(folder, both);
    client = room.client;
  }

  @AfterAll
  static void stop() {
    room.close();
    both.forEach(ScriptedService::close);
  }

  @AfterEach
  void nothingIsLeft() {
    both.forEach(ScriptedService::answersAsUsual);
    await().atMost(Duration.ofSeconds(5)).until(() -> client.openActions().isEmpty());
  }

  @Test
  void closeCompletesBothParticipants() {
    var action = client.open(LIMIT, both);
    assertThat(client.status(action)).isEqualTo(new Answer(200, "Active"));

    assertThat(client.close(action)).isEqualTo(new Answer(200, "Closed"));
    both.forEach(one -> assertThat(one.verbsFor(action)).containsExactly("complete"));
    assertThat(client.hasEnded(action)).isTrue();
  }

  @Test
  void cancelCompensatesBothParticipants() {
    var action = client.open(LIMIT, both);

    assertThat(client.cancel(action)).isEqualTo(new Answer(200, "Cancelled"));
    both.forEach(one -> assertThat(one.verbsFor(action)).containsExactly("compensate"));
    assertThat(client.hasEnded(action)).isTrue();
  }

  @Test
  void everyCallbackCarriesTheServiceToken() {
    var action = client.open(LIMIT, both);
    client.close(action);

    assertThat(orders.calls())
        .filteredOn(call -> call.action().equals(action))
        .allSatisfy(
            call -> assertThat(call.authorization()).isEqualTo("Bearer " + LraClient.TOKEN));
  }

  @Test
  void anActionIsListedOnceWithItsStateWhileItIsOpen() {
    var action = client.start("change-17", LIMIT);
    both.forEach(one -> client.join(action, one));

    var listed = client.actions();
    assertThat(listed.get("open").asInt()).isEqualTo(1);
    assertThat(listed.get("failed").asInt()).isZero();
    assertThat(listed.get("actions")).hasSize(1);
    var entry = listed.get("actions").get(0);
    assertThat(entry.get("action").asString()).isEqualTo(action);
    assertThat(entry.get("clientId").asString()).isEqualTo("change-17");
    assertThat(entry.get("state").asString()).isEqualTo("active");
    assertThat(entry.get("ageMillis").asLong()).isBetween(0L, 10_000L);
    assertThat(client.meter("tandem.lra.open")).isEqualTo(1);
    client.cancel(action);
  }

  @Test
  void joiningTwiceIsJoiningOnce() {
    var action = client.open(LIMIT, both);
    client.join(action, orders);

    client.close(action);
    assertThat(orders.verbsFor(action)).containsExactly("complete");
  }

  @Test
  void anActionWithoutParticipantsEnds() {
    var action = client.start("change-1", LIMIT);
    assertThat(client.close(action)).isEqualTo(new Answer(200, "Closed"));
    assertThat(client.hasEnded(action)).isTrue();
  }

  @Test
  void anActionWithOneParticipantEnds() {
    var action = client.open(LIMIT, List.of(orders));
    assertThat(client.close(action)).isEqualTo(new Answer(200, "Closed"));
    assertThat(orders.verbsFor(action)).containsExactly("complete");
    assertThat(client.hasEnded(action)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"close,complete,Closing", "cancel,compensate,Cancelling"})
  void whoIsAwayAtTheEndHearsItWithinThreeSecondsOfItsReturn(
      String end, String verb, String state) {
    var action = client.open(LIMIT, both);
    orders.goesAway();
    try {
      assertThat(client.send("PUT", "/lra-coordinator/" + action + "/" + end))
          .isEqualTo(new Answer(200, state));
      assertThat(client.openActions()).containsExactly(action);
      assertThat(client.status(action)).isEqualTo(new Answer(200, state));
    } finally {
      orders.comesBack();
    }
    await().atMost(AFTER_RETURN).until(() -> client.hasEnded(action));
    assertThat(orders.verbsFor(action)).containsExactly(verb);
    assertThat(customers.verbsFor(action)).containsExactly(verb);
  }

  @Test
  void whoConfirmedIsNotCalledAgainWhileAnotherIsAskedUntilItConfirms() {
    var asked = new AtomicInteger();
    orders.on("complete", action -> asked.incrementAndGet() < 3 ? Reply.BUSY : Reply.DONE);
    var action = client.open(LIMIT, both);

    assertThat(client.close(action).body()).isEqualTo("Closing");
    await().atMost(Duration.ofSeconds(5)).until(() -> client.hasEnded(action));
    assertThat(orders.verbsFor(action)).containsExactly("complete", "complete", "complete");
    assertThat(customers.verbsFor(action)).containsExactly("complete");
  }

  /** Narayana would take the second close for one after the time limit, and compensate the rest. */
  @ParameterizedTest
  @ValueSource(strings = {"close", "cancel"})
  void aRepeatedCallForAClosingActionNeverTurnsItRound(String again) {
    orders.on("complete", action -> Reply.BUSY);
    var action = client.open(LIMIT, both);
    assertThat(client.close(action).body()).isEqualTo("Closing");

    for (int i = 0; i < 3; i++) {
      assertThat(client.send("PUT", "/lra-coordinator/" + action + "/" + again))
          .isEqualTo(new Answer(200, "Closing"));
    }
    orders.answersAsUsual();
    await().atMost(AFTER_RETURN).until(() -> client.hasEnded(action));
    both.forEach(one -> assertThat(one.verbsFor(action)).containsOnly("complete"));
  }

  @Test
  void aSecondCallerHearsHowTheEndStandsThatTheFirstOneCarriesOut() throws Exception {
    var reached = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    orders.on(
        "complete",
        action -> {
          reached.countDown();
          goOn.await(1500, TimeUnit.MILLISECONDS);
          return Reply.DONE;
        });
    var action = client.open(LIMIT, both);
    var first = CompletableFuture.supplyAsync(() -> client.close(action));
    assertThat(reached.await(2, TimeUnit.SECONDS)).isTrue();

    assertThat(client.cancel(action)).isEqualTo(new Answer(200, "Closing"));
    goOn.countDown();
    assertThat(first.join()).isEqualTo(new Answer(200, "Closed"));
    both.forEach(one -> assertThat(one.verbsFor(action)).containsExactly("complete"));
  }

  @Test
  void aCallbackThatTakesLongerThanTwoSecondsIsRepeatedWhileItRuns() throws Exception {
    var running = new AtomicInteger();
    var mostAtOnce = new AtomicInteger();
    var goOn = new CountDownLatch(1);
    orders.on(
        "complete",
        action -> {
          mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
          if (running.get() > 1) {
            goOn.countDown();
          }
          goOn.await(8, TimeUnit.SECONDS);
          running.decrementAndGet();
          return Reply.DONE;
        });
    var action = client.open(LIMIT, both);

    assertThat(client.close(action).body()).isEqualTo("Closing");
    await().atMost(Duration.ofSeconds(6)).until(() -> client.hasEnded(action));
    assertThat(mostAtOnce).hasValue(2);
    assertThat(orders.verbsFor(action)).containsOnly("complete");
  }

  @Test
  void anActionThatNobodyEndsIsCancelledAtItsLimit() {
    var action = client.open(Duration.ofSeconds(2), both);
    await().atMost(Duration.ofSeconds(5)).until(() -> client.hasEnded(action));
    both.forEach(one -> assertThat(one.verbsFor(action)).containsExactly("compensate"));
    assertThat(client.close(action).status()).isEqualTo(404);
  }

  @Test
  void joiningAnActionThatEndsIsRefusedAtOnce() {
    orders.on("complete", action -> Reply.BUSY);
    var action = client.open(LIMIT, List.of(orders));
    client.close(action);

    var refused = client.join(action, LraClient.links("customer-service", action));
    assertThat(refused.status()).isEqualTo(412);
    assertThat(refused.body()).contains("\"code\":\"action-ending\"");
    assertThat(customers.verbsFor(action)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<http://evil/internal/lra/x/complete>; rel=\"complete\", <http://evil/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service:99/internal/lra/x/complete>; rel=\"complete\", <http://order-service:99/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service@evil/internal/lra/x/complete>; rel=\"complete\", <http://order-service/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service/internal/lra/../xa/complete>; rel=\"complete\", <http://order-service/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service/internal/lra/%2e%2e/xa>; rel=\"complete\", <http://order-service/internal/lra/x/compensate>; rel=\"compensate\"",
        "<https://order-service/internal/lra/x/complete>; rel=\"complete\", <http://order-service/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service/orders/complete>; rel=\"complete\", <http://order-service/internal/lra/x/compensate>; rel=\"compensate\"",
        "<http://order-service/internal/lra/x/complete>; rel=\"complete\"",
        "<http://order-service/internal/lra/x/a>; rel=\"complete\", <http://order-service/internal/lra/x/b>; rel=\"complete\"",
        "<http://order-service/internal/lra/x/a>; rel=\"complete\", <http://order-service/internal/lra/x/b>; rel=\"compensate\", <http://evil/x>; rel=\"status\"",
        "<http://order-service/internal/lra/x/a>; rel=\"after\", <http://order-service/internal/lra/x/b>; rel=\"compensate\"",
        "http://order-service/internal/lra/x",
      })
  void aForeignLinkIsRefusedLoggedAndNotStored(String links, CapturedOutput output) {
    var action = client.start("change-1", LIMIT);
    var refused = client.join(action, links);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("\"code\":\"link-refused\"");
    assertThat(output).contains(action + " refused a participant");
    assertThat(client.close(action)).isEqualTo(new Answer(200, "Closed"));
    both.forEach(one -> assertThat(one.verbsFor("x")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<http://order-service/internal/lra/%2$s/complete>; rel=complete, <http://order-service/internal/lra/%1$s/compensate>; rel=compensate",
        "<http://order-service/internal/lra/%1$s/compensate>; rel=complete, <http://order-service/internal/lra/%1$s/complete>; rel=compensate",
        "<http://order-service/internal/lra/work>; rel=complete, <http://order-service/internal/lra/%1$s/compensate>; rel=compensate",
      })
  void aLinkThatEndsSomethingElseIsRefused(String links) {
    var action = client.start("change-1", LIMIT);
    var another = client.start("change-2", LIMIT);

    assertThat(client.join(action, links.formatted(action, another)).status()).isEqualTo(400);
    client.cancel(action);
    client.cancel(another);
  }

  @Test
  void aSecondLinkHeaderIsNotOverlooked() {
    var action = client.start("change-1", LIMIT);
    var refused =
        client.send(
            client
                .request("PUT", "/lra-coordinator/" + action)
                .header("Link", LraClient.links("order-service", action))
                .header("Link", LraClient.links("evil", action)));
    assertThat(refused.status()).isEqualTo(400);
    client.cancel(action);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/lra-coordinator/start",
    "POST,/lra-coordinator;a=b/start",
    "POST,//lra-coordinator/start",
    "POST,/%6cra-coordinator/start",
    "GET,/lra-coordinator",
    "GET,/lra-coordinator/",
    "PUT,/lra-coordinator/0_ffff7f000001_1_1_1/close",
    "GET,/internal/lra/actions"
  })
  void withoutTheTokenNothingIsDone(String method, String path) {
    var answer = client.sendWithoutToken(method, path);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("\"code\":\"service-token-required\"");
    assertThat(client.openActions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/lra-coordinator/recovery",
    "PUT,/lra-coordinator/recovery/0_ffff7f000001_1_1_1/0_ffff7f000001_1_1_2",
    "DELETE,/lra-coordinator/recovery/0_ffff7f000001_1_1_1",
    "PUT,/lra-coordinator/nested/0_ffff7f000001_1_1_1/complete",
    "PUT,/lra-coordinator/0_ffff7f000001_1_1_1/renew?TimeLimit=1",
    "PUT,/lra-coordinator/0_ffff7f000001_1_1_1/remove",
    "POST,/lra-coordinator/start?ParentLRA=http%3A%2F%2Fevil%2Fx",
    "GET,/lra-coordinator/http%3A%2F%2Fevil%2Fx/status",
    "GET,/lra-coordinator/application.wadl",
    "OPTIONS,/lra-coordinator/start"
  })
  void whatTandemDoesNotSpeakIsNotOffered(String method, String path) {
    assertThat(client.send(method, path).status()).isIn(400, 404);
  }

  @Test
  void anUnknownActionIsNotFound() {
    var unknown = "0_ffff7f000001_1_1_1";
    assertThat(client.close(unknown).status()).isEqualTo(404);
    assertThat(client.cancel(unknown).status()).isEqualTo(404);
    assertThat(client.status(unknown).status()).isEqualTo(404);
    assertThat(client.join(unknown, LraClient.links("order-service", unknown)).status())
        .isEqualTo(404);
    assertThat(client.headers("PUT", "/lra-coordinator/" + unknown + "/close"))
        .as("what tells it from a stranger's 404")
        .contains("narayana-lra-api-version");
  }

  @Test
  void aManyActionsAtOnceAllEnd() {
    var ends =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          var action = client.open(LIMIT, both);
                          return i % 2 == 0 ? client.close(action) : client.cancel(action);
                        }))
            .toList();
    assertThat(ends.stream().map(CompletableFuture::join).map(Answer::body))
        .containsOnly("Closed", "Cancelled");
  }
}
