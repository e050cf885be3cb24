package dev.tandem.coordinator.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.state.OutputObjectState;
import dev.tandem.coordinator.lra.LraClient.Answer;
import dev.tandem.coordinator.lra.ScriptedService.Reply;
import io.narayana.lra.coordinator.domain.model.LongRunningAction;
import io.narayana.lra.coordinator.domain.service.LRAService;
import io.narayana.lra.coordinator.internal.LRARecoveryModule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every branch of the recovery module, on real records; passes take place when the test says so.
 */
class LraRecoveryTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path folder;

  static final ScriptedService customers = new ScriptedService("customer-service");
  static final ScriptedService orders = new ScriptedService("order-service");
  static final List<ScriptedService> both = List.of(customers, orders);
  static RunningRoom room;
  static LraClient client;
  static LRAService service;
  static LraRecovery recovery;

  @BeforeAll
  static void start() {
    room = new RunningRoom(folder, both, "--tandem.lra.recovery-period=1h");
    client = room.client;
    service = LRARecoveryModule.getService();
    recovery = (LraRecovery) LRARecoveryModule.getInstance();
  }

  @AfterAll
  static void stop() {
    room.close();
    both.forEach(ScriptedService::close);
  }

  @AfterEach
  void answerAsUsual() {
    both.forEach(ScriptedService::answersAsUsual);
  }

  @Test
  void anActiveActionOfTheProcessBeforeCanBeClosed() {
    var action = client.open(LIMIT, both);
    forget(action);
    assertThat(client.hasEnded(action)).isTrue();

    takeOver();
    assertThat(client.status(action).body()).isEqualTo("Active");
    pass();
    assertThat(callsFor(action)).isEmpty();
    assertThat(client.close(action).body()).isEqualTo("Closed");
    assertThat(callsFor(action)).containsExactlyInAnyOrder("complete", "complete");
    assertThat(StoredAction.isStored(new Uid(action))).isFalse();
  }

  @Test
  void anActiveActionOfTheProcessBeforeIsCancelledAtItsLimit() {
    var action = client.open(Duration.ofSeconds(2), both);
    forget(action);
    takeOver();

    await().atMost(Duration.ofSeconds(5)).until(() -> passAndSee(action));
    assertThat(callsFor(action)).contains("compensate").containsOnly("compensate");
  }

  /**
   * The record is the one that a kill inside the first callback leaves. Its time limit passes while
   * the end is being delivered.
   */
  @ParameterizedTest
  @CsvSource({"close,complete,Closing", "cancel,compensate,Cancelling"})
  void whatWasDecidedBeforeAKillIsDeliveredWhateverTheLimitSays(
      String end, String verb, String state) {
    var limit = Duration.ofSeconds(2);
    var action = client.open(limit, both);
    var record = recordDuring(action, end, verb);
    write(action, record);
    orders.on(verb, same -> Reply.BUSY);

    takeOver();
    assertThat(client.status(action).body()).isEqualTo(state);
    pass();
    await().pollDelay(limit.plusMillis(300)).until(() -> true);
    pass();
    assertThat(client.status(action).body()).isEqualTo(state);
    orders.answersAsUsual();
    pass();
    assertThat(client.hasEnded(action)).isTrue();
    assertThat(callsFor(action)).containsOnly(verb);
    assertThat(customers.verbsFor(action)).hasSize(2); // once before the kill, once after it
  }

  @Test
  void anActionThatIsNotLateIsLeftAlone() {
    var action = client.open(LIMIT, both);
    var live = service.lookupTransaction(LraServlet.idOf(action));
    IntStream.range(0, 5).forEach(i -> pass());

    assertThat(service.lookupTransaction(LraServlet.idOf(action))).isSameAs(live);
    assertThat(callsFor(action)).isEmpty();
    client.cancel(action);
  }

  @Test
  void aRecordOfThisProcessWithoutAnActionIsJustBeingBegun() {
    var action = client.open(LIMIT, both);
    forget(action);
    pass();

    assertThat(client.hasEnded(action)).isTrue();
    assertThat(callsFor(action)).isEmpty();
    takeOver();
    client.cancel(action);
  }

  @Test
  void passesWhileActionsAreClosedCompensateNone() {
    var limit = Duration.ofSeconds(2);
    var actions = IntStream.range(0, 30).mapToObj(i -> closedAfterAPass(limit)).toList();
    await().pollDelay(limit.plusMillis(300)).until(() -> true);
    pass();
    assertThat(actions).allSatisfy(action -> assertThat(callsFor(action)).containsOnly("complete"));
  }

  /** One at a time: its limit must not pass before its close, however slow the machine. */
  private static String closedAfterAPass(Duration limit) {
    var action = client.open(limit, both);
    pass();
    assertThat(client.close(action).body()).isEqualTo("Closed");
    return action;
  }

  @Test
  void aLateActionWhoseTimerGaveUpIsCancelled() {
    var limit = Duration.ofSeconds(2); // not over before the lock is ours, on a slow machine too
    var action = client.open(limit, both);
    // whoever has let the last participant join may still hold it, for a moment after the answer
    var lock = service.lockTransaction(LraServlet.idOf(action));
    try {
      await().pollDelay(limit.plusMillis(300)).until(() -> true);
      pass(); // finds it locked
      assertThat(client.status(action).body()).isEqualTo("Active");
    } finally {
      lock.unlock();
    }
    pass();
    assertThat(client.hasEnded(action)).isTrue();
    assertThat(callsFor(action)).containsExactlyInAnyOrder("compensate", "compensate");
  }

  @Test
  void anEntryWithoutARecordHasEndedAndIsDropped() {
    orders.on("complete", same -> Reply.BUSY);
    var action = client.open(LIMIT, both);
    assertThat(client.close(action).body()).isEqualTo("Closing");
    remove(action);

    pass();
    assertThat(client.hasEnded(action)).isTrue();
    assertThat(orders.verbsFor(action)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "close,complete,FailedToComplete,FailedToClose,failed-to-close",
    "cancel,compensate,FailedToCompensate,FailedToCancel,failed-to-cancel"
  })
  void whoSaysThatItCannotIsAskedOnceAndListedForGood(
      String end, String verb, String says, String state, String word) {
    orders.on(verb, same -> new Reply(500, says));
    var action = client.open(LIMIT, both);

    assertThat(end(action, end).body()).isEqualTo(state);
    IntStream.range(0, 3).forEach(i -> pass());
    assertListed(action, word);
    assertThat(StoredAction.isStored(new Uid(action))).isFalse(); // it has a place of its own
    assertThat(callsFor(action)).containsExactlyInAnyOrder(verb, verb);
  }

  @Test
  void whoSaysSoAtALaterPassIsListedToo() {
    orders.on("complete", same -> Reply.BUSY);
    customers.on("complete", same -> new Reply(500, "FailedToComplete"));
    var action = client.open(LIMIT, both);
    assertThat(client.close(action).body()).isEqualTo("Closing");
    assertThat(client.openActions()).containsOnlyOnce(action);
    orders.answersAsUsual();

    pass();
    assertListed(action, "failed-to-close");
    assertThat(customers.verbsFor(action)).hasSize(1);
    assertThat(orders.verbsFor(action)).hasSize(2);
  }

  @Test
  void aFailedActionOfTheProcessBeforeIsPutAway() {
    orders.on("complete", same -> new Reply(500, "FailedToComplete"));
    var action = client.open(LIMIT, both);
    client.close(action); // Narayana leaves a second record of it until a pass comes
    assertThat(StoredAction.isStored(new Uid(action))).isTrue();

    takeOver();
    assertThat(StoredAction.isStored(new Uid(action))).isFalse();
    assertListed(action, "failed-to-close");
  }

  @Test
  void aRecordThatCannotBeReadKeepsNoOtherFromBeingTakenOver() {
    var unreadable = client.open(LIMIT, both);
    var good = client.open(LIMIT, both);
    var record = read(unreadable);
    forget(unreadable);
    forget(good);
    write(unreadable, new byte[] {1, 2, 3});

    takeOver();
    assertThat(client.status(good).body()).isEqualTo("Active");
    assertThat(client.hasEnded(unreadable)).isTrue();
    write(unreadable, record);
    pass();
    assertThat(client.status(unreadable).body()).isEqualTo("Active");
    List.of(good, unreadable).forEach(client::cancel);
  }

  @Test
  void participantsThatHangHoldUpNoOtherAction() {
    var actions = new ArrayList<String>();
    orders.on("complete", same -> Reply.BUSY);
    IntStream.range(0, 4).forEach(i -> actions.add(client.open(LIMIT, both)));
    actions.forEach(client::close);
    orders.on("complete", LraRecoveryTest::hang);

    long began = System.nanoTime();
    pass();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    orders.answersAsUsual();
    pass();
    assertThat(actions).allSatisfy(action -> assertThat(client.hasEnded(action)).isTrue());
  }

  private static Reply hang(String action) throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1).await(3, java.util.concurrent.TimeUnit.SECONDS);
    return Reply.BUSY;
  }

  @Test
  void aStoppedModuleBeginsNothingMore() {
    orders.on("complete", same -> Reply.BUSY);
    var action = client.open(LIMIT, both);
    client.close(action);
    orders.answersAsUsual();

    recovery.stop();
    pass();
    assertThat(client.status(action)).isEqualTo(new Answer(200, "Closing"));
    forget(action);
    takeOver();
    pass();
    assertThat(client.hasEnded(action)).isTrue();
  }

  @Test
  void aRecordThatIsGoneWhenItIsToBeTakenOverIsForgotten() {
    var action = client.open(LIMIT, both);
    var record = read(action);
    forget(action);
    write(action, new byte[] {1, 2, 3});
    takeOver(); // cannot, and will try again
    remove(action);
    recovery.takeOver(new Uid(action)); // as a pass that has listed it a moment ago

    write(action, record); // one of this process now
    pass();
    assertThat(client.hasEnded(action)).isTrue();
    takeOver();
    client.cancel(action);
  }

  @Test
  void anActionWithoutATimeLimitIsNeverLate() {
    var action = client.open(Duration.ZERO, both);
    pass();
    assertThat(callsFor(action)).isEmpty();
    forget(action);
    takeOver();
    pass();
    assertThat(client.status(action).body()).isEqualTo("Active");
    assertThat(callsFor(action)).isEmpty();
    assertThat(client.close(action).body()).isEqualTo("Closed");
  }

  /** What is on disk counts: after a kill the action would be active again. */
  @Test
  void nothingIsDeliveredBeforeTheDecisionIsOnDisk() {
    var action = client.open(LIMIT, both);
    var undecided = read(action);
    orders.on("complete", same -> Reply.BUSY);
    assertThat(client.close(action).body()).isEqualTo("Closing");
    var decided = read(action);
    write(action, undecided);
    orders.answersAsUsual();

    var before = callsFor(action);
    pass();
    assertThat(callsFor(action)).isEqualTo(before);
    assertThat(client.status(action).body()).isEqualTo("Closing");
    write(action, decided);
    pass();
    assertThat(client.hasEnded(action)).isTrue();
    assertThat(callsFor(action)).containsOnly("complete");
  }

  /** Nobody knows then what there is to take over: that pass was none. */
  @Test
  void aFirstPassThatCannotListTheActionsIsRepeated() {
    var action = client.open(LIMIT, both);
    forget(action);
    LraStore.STORE.stop();
    try {
      assertThatThrownBy(LraRecoveryTest::takeOver)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the open actions cannot be listed");
    } finally {
      LraStore.STORE.open(folder.resolve("lra"));
    }

    pass();
    assertThat(client.status(action).body()).isEqualTo("Active");
    assertThat(client.close(action).body()).isEqualTo("Closed");
  }

  @Test
  void anInterruptedPassEndsAndTheNextOneGoesOn() {
    orders.on("complete", same -> Reply.BUSY);
    var action = client.open(LIMIT, both);
    client.close(action);
    orders.on("complete", LraRecoveryTest::hang);

    Thread.currentThread().interrupt();
    pass();
    assertThat(Thread.interrupted()).as("whoever called it learns of it").isTrue();
    assertThat(client.status(action).body()).isEqualTo("Closing");
    orders.answersAsUsual();
    await().atMost(Duration.ofSeconds(5)).until(() -> passAndSee(action));
    assertThat(callsFor(action)).containsOnly("complete");
  }

  private static void pass() {
    room.bean(Narayana.class).recover();
  }

  private static boolean passAndSee(String action) {
    pass();
    return client.hasEnded(action);
  }

  /** As the next process does. */
  private static void takeOver() {
    recovery.startAfresh();
    pass();
  }

  /** The process is gone, its record is not. */
  private static void forget(String action) {
    service.remove(LraServlet.idOf(action));
  }

  private static Answer end(String action, String end) {
    return client.send("PUT", "/lra-coordinator/" + action + "/" + end);
  }

  private static List<String> callsFor(String action) {
    var calls = new ArrayList<String>();
    both.forEach(one -> calls.addAll(one.verbsFor(action)));
    return calls;
  }

  private static byte[] recordDuring(String action, String end, String verb) {
    var record = new AtomicReference<byte[]>();
    both.forEach(
        one ->
            one.on(
                verb,
                same -> {
                  record.compareAndSet(null, read(action));
                  return Reply.DONE;
                }));
    end(action, end);
    both.forEach(ScriptedService::answersAsUsual);
    return record.get();
  }

  private static byte[] read(String action) {
    try {
      return LraStore.STORE.read_committed(new Uid(action), LongRunningAction.getType()).buffer();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void write(String action, byte[] record) {
    try {
      var uid = new Uid(action);
      LraStore.STORE.write_committed(
          uid,
          LongRunningAction.getType(),
          new OutputObjectState(uid, LongRunningAction.getType(), record));
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void remove(String action) {
    try {
      LraStore.STORE.remove_committed(new Uid(action), LongRunningAction.getType());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void assertListed(String action, String word) {
    var listed = client.actions();
    assertThat(client.openActions()).containsOnlyOnce(action);
    assertThat(listed.get("failed").asInt()).isPositive();
    listed
        .get("actions")
        .forEach(
            entry -> {
              if (entry.get("action").asString().equals(action)) {
                assertThat(entry.get("state").asString()).isEqualTo(word);
              }
            });
  }
}
