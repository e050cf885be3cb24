package dev.tandem.coordinator.xa;

import static dev.tandem.coordinator.xa.ScriptedParticipant.State.COMMITTED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.PREPARED;
import static dev.tandem.coordinator.xa.ScriptedParticipant.State.ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.coordinator.xa.CoordinatorClient.Begun;
import dev.tandem.coordinator.xa.ScriptedParticipant.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery scans every 50 ms here, so that it meets every transaction at every step. */
class RecoveryRulesTest {

  /** Several scans; and far below Atomikos' own waiting times. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @TempDir static Path folder;

  static final ScriptedParticipant customers = new ScriptedParticipant("customer-service");
  static final ScriptedParticipant orders = new ScriptedParticipant("order-service");
  static final List<ScriptedParticipant> both = List.of(customers, orders);
  static RunningCoordinator coordinator;
  static CoordinatorClient client;

  private static final AtomicInteger orphans = new AtomicInteger();

  @BeforeAll
  static void start() {
    coordinator =
        new RunningCoordinator(
            folder,
            both,
            "--tandem.xa.recovery-delay=50ms",
            // the reaper is not what is tested here, however slow the machine
            "--tandem.xa.timeout=6s",
            "--tandem.xa.answer-within=4s");
    client = coordinator.client;
  }

  @AfterAll
  static void stop() {
    coordinator.close();
    both.forEach(ScriptedParticipant::close);
  }

  @BeforeEach
  void reset() {
    both.forEach(ScriptedParticipant::actsAsUsual);
  }

  // X1

  @Test
  void recoveryLeavesPreparedBranchesOfALiveTransactionAlone() throws Exception {
    var begun = begunAndPrepared();
    awaitScans(5);

    both.forEach(p -> assertThat(p.stateOf(begun.branch(p))).isEqualTo(PREPARED));
    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("rollback", begun.branch(orders))).isZero();
  }

  @Test
  void recoveryDoesNotReplayACommitThatIsUnderWay() throws Exception {
    var begun = begunAndPrepared();
    orders.on(
        "commit",
        branch -> {
          awaitScans(5);
          return Reply.AS_USUAL;
        });

    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    assertThat(orders.callsOf("commit", begun.branch(orders))).isEqualTo(1);
    assertThat(customers.callsOf("commit", begun.branch(customers))).isEqualTo(1);
  }

  @Test
  void whoBeginsAndPreparesWhileTheListIsOnItsWayIsNotAnOrphan() throws Exception {
    var meanwhile = new AtomicReference<Begun>();
    orders.on(
        "list",
        branch -> {
          if (meanwhile.get() == null) {
            meanwhile.set(begunAndPrepared());
          }
          return Reply.AS_USUAL;
        });
    await().until(() -> meanwhile.get() != null);
    awaitScans(3);

    assertThat(client.commit(meanwhile.get()).outcome()).isEqualTo("committed");
  }

  @Test
  void aListFromBeforeTheCommitDoesNotRollItBackAfterwards() throws Exception {
    var begun = begunAndPrepared();
    var listed = new CountDownLatch(1);
    var committed = new CountDownLatch(1);
    var stale = ScriptedParticipant.list(List.of(begun.branch(orders)));
    orders.on(
        "list",
        branch -> {
          listed.countDown();
          committed.await(5, TimeUnit.SECONDS);
          return stale;
        });
    assertThat(listed.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(client.commit(begun).outcome()).isEqualTo("committed");
    committed.countDown();
    awaitScans(3);

    assertThat(orders.callsOf("rollback", begun.branch(orders))).isZero();
    assertThat(orders.stateOf(begun.branch(orders))).isEqualTo(COMMITTED);
  }

  // X2

  @Test
  void whatIsNeitherLiveNorDecidedIsRolledBackByTheNextScan() {
    var orphan = orphanAt(orders);

    await().atMost(SOON).until(() -> orders.stateOf(orphan) == ROLLED_BACK);
  }

  @Test
  void branchesOfOtherCoordinatorsAreLeftAlone() throws Exception {
    var others =
        List.of(
            "xa1:tandem-tmx17:tandem-tmx1:r",
            "xa1:tandem17:tandem1:r",
            "some-other-prepared-transaction");
    others.forEach(orders::prepares);
    awaitScans(5);

    others.forEach(branch -> assertThat(orders.stateOf(branch)).isEqualTo(PREPARED));
  }

  @Test
  void workThatPreparesAfterTheRollbackIsRolledBackToo() {
    var begun = client.begin("late-work", both);
    orders.on("rollback", branch -> Reply.BUSY);
    client.rollback(begun.id());
    orders.prepares(begun.branch(orders));
    orders.on("rollback", branch -> Reply.AS_USUAL);

    await().atMost(SOON).until(() -> orders.stateOf(begun.branch(orders)) == ROLLED_BACK);
  }

  // X3, X6

  @Test
  void aCommitThatWasNotHeardIsConfirmedByAskingAgain() {
    var begun = begunAndPrepared();
    var deaf = new AtomicInteger(6); // Atomikos asks 4 times before it leaves it to recovery
    orders.on(
        "commit",
        branch -> {
          orders.commitsUnheard(branch);
          return deaf.getAndDecrement() > 0 ? Reply.BUSY : Reply.AS_USUAL;
        });

    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    // the branch is on no list any more: only the change row can confirm it
    await().atMost(SOON).until(() -> client.find(begun.id()).outcome().equals("committed"));
  }

  @Test
  void aBranchThatIsGoneWhenRecoveryComesIsMixed() {
    var begun = begunAndPrepared();
    orders.on("commit", branch -> Reply.BUSY);
    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    orders.forgets(begun.branch(orders));
    orders.on("commit", branch -> Reply.AS_USUAL);

    await().atMost(SOON).until(() -> client.find(begun.id()).outcome().equals("mixed"));
    assertThat(client.all().get("anomalies").toString()).contains(begun.branch(orders));
  }

  @Test
  void oneThatIsAwayDoesNotStopTheRecoveryOfTheOther() {
    for (var away : both) {
      var here = away == orders ? customers : orders;
      away.goesAway();
      try {
        var orphan = orphanAt(here);
        await().atMost(SOON).until(() -> here.stateOf(orphan) == ROLLED_BACK);
      } finally {
        away.comesBack();
      }
    }
  }

  @Test
  void oneThatHangsDoesNotStopTheRecoveryOfTheOther() {
    for (var hanging : both) {
      var here = hanging == orders ? customers : orders;
      var hold = new CountDownLatch(1);
      hanging.on(
          "list",
          branch -> {
            hold.await(10, TimeUnit.SECONDS);
            return Reply.BUSY;
          });
      var orphan = orphanAt(here);
      await().atMost(Duration.ofSeconds(4)).until(() -> here.stateOf(orphan) == ROLLED_BACK);
      hanging.on("list", branch -> Reply.AS_USUAL);
      hold.countDown();
    }
  }

  @Test
  void oneThatCannotListItsBranchesIsNotOneThatHasNone() throws Exception {
    var begun = begunAndPrepared();
    orders.on("commit", branch -> Reply.BUSY);
    assertThat(client.commit(begun).outcome()).isEqualTo("decided");
    // from here on nobody but a scan that begins now may commit: neither the transaction's own
    // thread, which repeats the call for a while, nor a scan that has its list already
    await().atMost(TIMEOUT).until(() -> coordinator.bean(LiveTable.class).size() == 0);
    orders.on("list", branch -> Reply.BUSY);
    orders.awaitLists(2);
    orders.actsOn("commit");

    for (var unlisted :
        List.of(new Reply(503, "{}"), new Reply(200, "{}"), new Reply(200, "<html/>"))) {
      orders.on("list", branch -> unlisted);
      assertThat(coordinator.bean(RemoteParticipants.class).recover(now(), List.of(), List.of()))
          .as(unlisted.toString())
          .isFalse();
    }
    assertThat(client.find(begun.id()).outcome()).isEqualTo("decided");
    orders.on("list", branch -> Reply.AS_USUAL);
    await().atMost(SOON).until(() -> client.find(begun.id()).outcome().equals("committed"));
    assertThat(coordinator.bean(RemoteParticipants.class).recover(now(), List.of(), List.of()))
        .isTrue();
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private static String orphanAt(ScriptedParticipant participant) {
    var orphan = "xa1:tandem-tm" + orphans.incrementAndGet() + ":tandem-tm1:lost";
    participant.prepares(orphan);
    return orphan;
  }

  private static Begun begunAndPrepared() {
    var begun = client.begin("change-1", both);
    both.forEach(participant -> participant.prepares(begun.branch(participant)));
    return begun;
  }

  /** Scans that began after now, at both. */
  private static void awaitScans(int count) throws InterruptedException {
    for (var participant : both) {
      participant.awaitLists(count);
    }
  }
}
