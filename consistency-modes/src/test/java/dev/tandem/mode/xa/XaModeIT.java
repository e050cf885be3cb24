package dev.tandem.mode.xa;

import static dev.tandem.mode.xa.BranchesOf.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Heard;
import dev.tandem.mode.ModeChanged;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.Scripted;
import dev.tandem.mode.Scripted.Reply;
import dev.tandem.mode.TestApp;
import dev.tandem.mode.TestDatabases;
import dev.tandem.mode.TestOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The drive at the owner, with the real database, beside a coordinator and a copy on a script. */
class XaModeIT {

  private static final Databases HERE = Databases.CUSTOMER;
  private static final int COORDINATOR = TestApp.freePort();
  private static final int COPY = TestApp.freePort();

  private static final Duration SOON = Duration.ofSeconds(20);

  /** On a connection of its own, as another request would. */
  private static final Executor ANOTHER_THREAD = task -> new Thread(task).start();

  private static TestApp app;

  /** Waits for everybody for so long that it gives nobody up while a test looks at it. */
  private static TestApp patient;

  private final CustomerId customer = newCustomer();
  private final AtomicReference<BranchId> own = new AtomicReference<>();
  private final AtomicReference<BranchId> copys = new AtomicReference<>();
  private Scripted coordinator;
  private Scripted copy;

  @BeforeAll
  static void start() {
    app = appWith(Map.of());
    patient =
        appWith(
            Map.of(
                "spring.datasource.hikari.connection-init-sql", "set lock_timeout = '8s'",
                "tandem.xa.begin-within", "20s",
                "tandem.xa.work-within", "20s",
                "tandem.xa.commit-within", "20s"));
  }

  private static TestApp appWith(Map<String, Object> more) {
    var settings = new HashMap<String, Object>(more);
    settings.put("spring.datasource.hikari.maximum-pool-size", 20);
    settings.put("tandem.services.tx-coordinator.url", "http://127.0.0.1:" + COORDINATOR);
    settings.put("tandem.services.order-service.url", "http://127.0.0.1:" + COPY);
    return new TestApp(TestApp.OwnerSide.class, HERE, settings);
  }

  @AfterAll
  static void stop() {
    patient.close();
    app.close();
  }

  @BeforeEach
  void script() {
    coordinator =
        new Scripted(COORDINATOR)
            .on("/transactions", this::begin)
            .on("/commit", any -> commitOwn("committed"))
            .on("/rollback", 200, "{\"transaction\":\"t\",\"outcome\":\"rolled-back\"}");
    copy =
        new Scripted(COPY)
            .on("/work", 200, "{\"vote\":\"prepared\"}")
            .on("/rollback", 200, "{\"result\":\"rolled-back\"}");
  }

  @AfterEach
  void tidy() {
    List.of(app, patient).forEach(one -> one.bean(TestOwner.class).undisturbed());
    coordinator.close();
    copy.close();
    TestDatabases.rollBackWhatIsPrepared();
    await()
        .untilAsserted(
            () ->
                assertThat(List.of(app, patient))
                    .allSatisfy(one -> assertThat(borrowedConnections(one)).isZero()));
  }

  @Test
  void aChangeOnBothSidesIsAppliedWithItsNewVersion() {
    var change = change();
    assertThat(carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, true));
    assertThat(limit()).isEqualTo("500.00 v2");
    assertThat(coordinator.asked("/commit").get(0).body())
        .contains("\"customer-service\":\"prepared\"", "\"order-service\":\"prepared\"");
    assertThat(copy.asked("/work").get(0).body())
        .contains("\"version\":2", "\"limit\":\"500.00\"", "\"mode\":\"xa\"");
  }

  @Test
  void aNewCustomerComesIntoBeingWithTheChange() {
    var newcomer = CustomerId.random();
    var change =
        new CreditLimitChange(
            ChangeId.random(),
            newcomer,
            Kind.CREATE,
            CreditLimit.of("7"),
            "B",
            null,
            Instant.now());
    assertThat(carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 1, true));
  }

  @Test
  void aDecidedChangeIsAppliedThoughNotYetEverywhere() {
    coordinator.on("/commit", any -> commitOwn("decided"));
    var change = change();
    assertThat(carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, false));
  }

  @Test
  void aChangeThatTheCoordinatorRolledBackIsRefusedAndLeavesNothingLocked() {
    coordinator.on("/commit", 200, "{\"transaction\":\"t\",\"outcome\":\"rolled-back\"}");
    assertGivenUp(change(), Reason.ROLLED_BACK);
  }

  @Test
  void aChangeThatIsStillBeingEndedIsUnderWay() {
    coordinator.on("/commit", 200, "{\"transaction\":\"t\",\"outcome\":\"under-way\"}");
    var change = change();
    assertThat(carryOut(change)).isEqualTo(new Outcome.UnderWay(change.id()));
    assertThat(TestDatabases.prepared(HERE)).containsExactly(own.get().text());
  }

  @Test
  void aMixedEndIsAnAnomalyAndUnknown() {
    coordinator.on("/commit", 200, "{\"transaction\":\"t\",\"outcome\":\"mixed\"}");
    var change = change();
    assertThat(carryOut(change)).isInstanceOf(Outcome.Unknown.class);
    assertThat(heard().steps(change.id())).contains(Step.ANOMALY);
  }

  @Test
  void aChangeThatMeetsAnotherModeIsGivenUpAndNothingIsLeft() {
    TestDatabases.asAdmin(HERE).sql("update consistency_mode set mode = 'other'").update();
    try {
      assertThatThrownBy(() -> carryOut(change())).isInstanceOf(ModeChanged.class);
    } finally {
      TestDatabases.asAdmin(HERE).sql("update consistency_mode set mode = 'xa'").update();
    }
    assertThat(limit()).isEqualTo("1.00 v1");
    assertThat(copy.asked("/work")).isEmpty();
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    await()
        .untilAsserted(
            () ->
                assertThat(coordinator.asked("/rollback"))
                    .singleElement()
                    .extracting(Scripted.Asked::body, STRING)
                    .contains("untouched", "customer-service", "order-service"));
  }

  @Test
  void withoutACoordinatorNothingIsChangedOrLocked() {
    coordinator.close();
    assertUntouched(change(), Reason.PART_AWAY);
  }

  @Test
  void aCoordinatorThatAnswersABeginWithAnErrorIsAway() {
    coordinator.on("/transactions", 503, "{\"code\":\"shutting-down\"}");
    assertUntouched(change(), Reason.PART_AWAY);
    coordinator.on("/transactions", 201, "{\"transaction\":\"t\",\"branches\":{}}");
    assertUntouched(change(), Reason.PART_AWAY);
  }

  @Test
  void aCoordinatorThatHangsAtTheBeginIsAway() {
    coordinator.hangOn("/transactions");
    assertUntouched(change(), Reason.PART_AWAY);
  }

  /** Each is seen to hold where somebody hangs; one change may meet one that hangs in each step. */
  @Test
  void theLimitsOfAChangeAreFourSecondsTogether() {
    var limits = app.bean(XaSettings.class);
    assertThat(limits.beginWithin().plus(limits.workWithin()).plus(limits.commitWithin()))
        .isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void aRefusalNamesNoAddress() {
    coordinator.close();
    var refused = (Outcome.Refused) carryOut(change());
    assertThat(refused.refusal().detail()).doesNotContain("127.0.0.1").doesNotContain("I/O");
  }

  @Test
  void aVetoIsRefusedForItsReasonWhateverElseTheProblemSays() {
    copy.on(
        "/work",
        409,
        """
        {"type":"urn:x","title":"Below exposure","status":409,"detail":"too low","instance":"/x",
         "code":"below-exposure","retryable":false}
        """);
    var change = change();
    assertGivenUp(change, Reason.BELOW_EXPOSURE);
    await().until(() -> !coordinator.asked("/rollback").isEmpty());
    assertThat(coordinator.asked("/rollback").get(0).body())
        .as("what is rolled back already need not be told to")
        .contains("{\"untouched\":[\"customer-service\"]}");
    assertThat(row(change)).isEqualTo(customer + " xa below-exposure");
  }

  @Test
  void anAnswerOfTheCopyThatSettlesNothingIsNoVote() {
    for (var reply :
        List.of(
            new Reply(200, "{}"),
            new Reply(200, ""),
            new Reply(200, "{\"vote\":\"maybe\"}"),
            new Reply(200, "<html>"),
            new Reply(409, "{\"code\":\"never-heard-of\"}"),
            new Reply(409, ""),
            new Reply(401, "{}"),
            new Reply(503, "{\"code\":\"work-not-done\"}"))) {
      copy.on("/work", any -> reply);
      assertGivenUp(change(), Reason.PART_AWAY);
    }
    copy.on("/work", any -> null);
    assertGivenUp(change(), Reason.PART_AWAY);
  }

  @Test
  void aCopyThatHangsIsAway() {
    copy.hangOn("/work");
    var change = change();
    assertGivenUp(change, Reason.PART_AWAY);
    assertThat(row(change)).isEqualTo(customer + " xa part-away");
  }

  @Test
  void whileTheCopyWorksNoConnectionIsHeld() {
    copy.on(
        "/work",
        any -> {
          await().until(() -> TestDatabases.prepared(HERE).contains(own.get().text()));
          await().until(() -> borrowedConnections(patient) == 0);
          return new Reply(200, "{\"vote\":\"prepared\"}");
        });
    var change = change();
    assertThat(mode(patient).carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, true));
  }

  @Test
  void aCoordinatorThatIsGoneAtTheCommitIsPassedByAtTheCopyToo() {
    copy.on(
        "/work",
        any -> {
          coordinator.close();
          return new Reply(200, "{\"vote\":\"prepared\"}");
        });
    var change = change();
    assertGivenUp(change, Reason.PART_AWAY);
    await().until(() -> !copy.asked("/rollback").isEmpty());
    assertThat(copy.asked("/rollback").get(0).path())
        .isEqualTo("/internal/xa/branches/" + copys.get() + "/rollback");
  }

  @Test
  void aCommitWithoutAnswerIsUnderWayUntilItsBranchHasAnEnd() {
    coordinator.on("/commit", any -> null);
    var committed = change();
    assertThat(carryOut(committed)).isEqualTo(new Outcome.UnderWay(committed.id()));
    assertThat(mode().outcomeOf(committed.id())).isEqualTo(new Outcome.UnderWay(committed.id()));
    assertThat(coordinator.asked("/rollback")).isEmpty();
    commitOwn("");
    assertThat(mode().outcomeOf(committed.id()))
        .isEqualTo(new Outcome.Applied(committed.id(), 2, false));
    copySays(committed, "applied");
    assertThat(mode().outcomeOf(committed.id()))
        .isEqualTo(new Outcome.Applied(committed.id(), 2, true));

    var rolledBack = change();
    carryOut(rolledBack);
    TestDatabases.asService(HERE).sql("rollback prepared '" + own.get() + "'").update();
    copySays(rolledBack, "unknown");
    assertRefused(mode().outcomeOf(rolledBack.id()), Reason.ROLLED_BACK);
    assertThat(state(HERE, rolledBack.id())).isEqualTo("refused");
  }

  @Test
  void aCommitWhoseAnswerWasLostIsFoundInTheChangeRow() {
    coordinator.on(
        "/commit",
        any -> {
          commitOwn("");
          return null;
        });
    var change = change();
    assertThat(carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, false));
  }

  @Test
  void aCommitThatHangsIsUnderWay() {
    coordinator.hangOn("/commit");
    var change = change();
    assertThat(carryOut(change)).isEqualTo(new Outcome.UnderWay(change.id()));
  }

  @Test
  void theQuestionForAChangeUnderWayDoesNotWaitForItsLock() {
    coordinator.on("/commit", 200, "{\"transaction\":\"t\",\"outcome\":\"under-way\"}");
    var change = change();
    carryOut(change);
    long started = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(mode().outcomeOf(change.id())).isEqualTo(new Outcome.UnderWay(change.id()));
    }
    // twenty waits for the lock would take 20 s
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aQuestionForAChangeThatNobodyEverBeganRefusesItForEver() {
    var change = change();
    copySays(change, "unknown");
    assertRefused(mode().outcomeOf(change.id()), Reason.ROLLED_BACK);
    assertRefused(carryOut(change), Reason.ROLLED_BACK);
    assertThat(limit()).isEqualTo("1.00 v1");
    await().until(() -> !coordinator.asked("/rollback").isEmpty());
  }

  @Test
  void aChangeThatTheCopyHasLostIsAnAnomalyAndNotDecidedForEver() {
    var change = change();
    carryOut(change);
    copySays(change, "refused");
    assertThat(mode().outcomeOf(change.id())).isInstanceOf(Outcome.Unknown.class);
    assertThat(mode().outcomeOf(change.id())).isInstanceOf(Outcome.Unknown.class);
    assertThat(heard().steps(change.id()))
        .as("told, but not with every question")
        .containsOnlyOnce(Step.ANOMALY);
  }

  @Test
  void aChangeThatOnlyTheCopyHasIsAnAnomalyAndNotRefused() {
    var change = change();
    copySays(change, "applied");
    assertThat(mode().outcomeOf(change.id())).isInstanceOf(Outcome.Unknown.class);
    assertThat(heard().steps(change.id())).containsOnlyOnce(Step.ANOMALY);
  }

  @Test
  void aTombstoneIsBelievedOnlyOnceTheCopyHasAnEndToo() {
    var change = change();
    assertThat(mode().outcomeOf(change.id()))
        .as("the copy does not answer")
        .isEqualTo(new Outcome.UnderWay(change.id()));
    copySays(change, "in-doubt");
    assertThat(mode().outcomeOf(change.id())).isEqualTo(new Outcome.UnderWay(change.id()));
    copySays(change, "refused");
    assertRefused(mode().outcomeOf(change.id()), Reason.ROLLED_BACK);
  }

  private void copySays(CreditLimitChange change, String state) {
    copy.on(
        "/limit-changes/" + change.id(),
        200,
        "{\"changeId\":\"%s\",\"state\":\"%s\",\"recordedAt\":\"2026-01-01T00:00:00Z\"}"
            .formatted(change.id(), state));
  }

  @Test
  void aChangeThatIsRepeatedUnderItsIdIsAppliedOnce() {
    var change = change();
    carryOut(change);
    assertThat(carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, false));
    assertThat(limit()).isEqualTo("500.00 v2");
  }

  @Test
  void aStaleVersionIsRefusedAndTheCoordinatorToldThatNothingIsLeft() {
    var change = change(customer, 7L);
    assertRefused(carryOut(change), Reason.STALE_VERSION);
    assertToldUntouched();
    assertThat(copy.asked("/work")).isEmpty();
  }

  @Test
  void anUnknownCustomerIsRefusedAndTheCoordinatorToldThatNothingIsLeft() {
    assertRefused(carryOut(change(CustomerId.random(), null)), Reason.UNKNOWN_CUSTOMER);
    assertToldUntouched();
  }

  @Test
  void aCustomerWhoseBranchIsInDoubtHasAChangeInProgress() {
    coordinator.on("/commit", 200, "{\"transaction\":\"t\",\"outcome\":\"under-way\"}");
    carryOut(change());
    var inDoubt = own.get();
    assertRefused(carryOut(change()), Reason.CHANGE_IN_PROGRESS);
    assertToldUntouched();
    assertThat(TestDatabases.prepared(HERE)).containsExactly(inDoubt.text());
  }

  @Test
  void aQuestionForAChangeWhoseWorkStillRunsIsUnderWay() throws Exception {
    var change = change();
    try (var running = TestDatabases.open(HERE)) {
      running
          .createStatement()
          .execute(
              "insert into limit_change (change_id, state) values ('%s', 'refused')"
                  .formatted(change.id()));
      assertThat(mode().outcomeOf(change.id())).isEqualTo(new Outcome.UnderWay(change.id()));
    }
  }

  // X4, decision 0015
  @Test
  void aQuestionAtAnyMomentOfAChangeIsNotTurnedOverByItsCommit() {
    var change = change();
    copySays(change, "unknown");
    var told = new ConcurrentHashMap<String, CompletableFuture<Outcome>>();
    patient
        .bean(TestOwner.class)
        .afterwards(
            () -> {
              told.put("worked", ask(change));
              await().until(XaModeIT::someoneWaitsForALock);
            });
    copy.on(
        "/work",
        any -> {
          await().until(() -> TestDatabases.prepared(HERE).contains(own.get().text()));
          told.put("prepared", ask(change));
          told.get("prepared").join();
          return new Reply(200, "{\"vote\":\"prepared\"}");
        });
    coordinator.on(
        "/commit",
        any -> {
          told.put("asked to commit", ask(change));
          told.get("asked to commit").join();
          return commitOwn("committed");
        });

    assertThat(mode(patient).carryOut(change)).isEqualTo(new Outcome.Applied(change.id(), 2, true));

    var underWay = new Outcome.UnderWay(change.id());
    assertThat(told.get("prepared").join()).isEqualTo(underWay);
    assertThat(told.get("asked to commit").join()).isEqualTo(underWay);
    assertThat(told.get("worked").join())
        .isIn(underWay, new Outcome.Applied(change.id(), 2, false));
  }

  private static boolean someoneWaitsForALock() {
    return TestDatabases.asAdmin(HERE)
        .sql(
            """
            select exists (select from pg_stat_activity
                           where usename = 'customer_service' and wait_event_type = 'Lock')
            """)
        .query(Boolean.class)
        .single();
  }

  // X4, decision 0015
  @Test
  void aQuestionAgainstTheBeginningOfAChangeIsToldTheOneEndThatComes() {
    var seen = new HashSet<String>();
    for (int round = 0; round < 30; round++) {
      var change = change(newCustomer(), null);
      copySays(change, "unknown");
      int millis = round / 2; // either may come first
      var question = CompletableFuture.supplyAsync(() -> askAfter(change, millis));
      var end = carryOut(change).getClass();
      var told = question.join().getClass();
      var row = state(HERE, change.id());
      seen.add(row);

      assertThat(end)
          .as(row)
          .isEqualTo(row.equals("applied") ? Outcome.Applied.class : Outcome.Refused.class);
      assertThat(told).as(row).isIn(end, Outcome.UnderWay.class);
    }
    System.out.println("question against beginning ended as " + seen);
  }

  private static Outcome askAfter(CreditLimitChange change, int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    return mode().outcomeOf(change.id());
  }

  private static CompletableFuture<Outcome> ask(CreditLimitChange change) {
    return CompletableFuture.supplyAsync(
        () -> mode(patient).outcomeOf(change.id()), ANOTHER_THREAD);
  }

  @Test
  void aFailureOfTheOwnDatabaseAtItsWorkTravelsUpAndLeavesNothing() {
    app.bean(TestOwner.class).afterwards(() -> terminate("idle in transaction"));
    assertThatThrownBy(() -> carryOut(change())).isInstanceOf(RuntimeException.class);
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    assertThat(limit()).isEqualTo("1.00 v1");
    await().until(() -> !coordinator.asked("/rollback").isEmpty());
  }

  @Test
  void aFailureOfTheOwnDatabaseAtPrepareTravelsUpAndLeavesNothing() {
    // the name is taken: PREPARE fails, after the copy has been asked
    coordinator.on(
        "/transactions",
        asked -> {
          var reply = begin(asked);
          TestDatabases.asService(HERE)
              .sql("begin; prepare transaction '" + own.get() + "'")
              .update();
          return reply;
        });
    var change = change();
    assertThatThrownBy(() -> carryOut(change)).isInstanceOf(DataAccessException.class);
    await().until(() -> !coordinator.asked("/rollback").isEmpty());
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    assertThat(state(HERE, change.id())).isEqualTo("refused");
  }

  @Test
  void whileTheCoordinatorIsFrozenOthersStillFindAConnection() {
    coordinator.hangOn("/transactions");
    var most = new AtomicInteger();
    var clients = Executors.newFixedThreadPool(30);
    try {
      var changes = atOnce(clients, 30);
      await()
          .atMost(SOON)
          .until(
              () -> {
                int now = most.accumulateAndGet(borrowedConnections(patient), Math::max);
                var turnedAway = changes.stream().filter(CompletableFuture::isDone);
                return now >= 14 && turnedAway.count() >= 30 - 14;
              });
      // one that finds no connection within 1 s is an error
      patient.bean(JdbcClient.class).sql("select 1").query(Integer.class).single();

      assertThat(most).as("of 20 connections").hasValue(14);
      changes.stream()
          .filter(CompletableFuture::isDone)
          .forEach(turnedAway -> assertRefused(turnedAway.join(), Reason.PART_AWAY));
    } finally {
      coordinator.close();
      clients.shutdown();
    }
    await().untilAsserted(() -> assertThat(borrowedConnections(patient)).isZero());
  }

  @Test
  void manyChangesAtOnceAreAllAppliedWhereNothingIsAway() {
    var begun = new ConcurrentHashMap<String, BranchId>();
    coordinator
        .on(
            "/transactions",
            asked -> {
              var id = reference(asked);
              begun.put(id.toString(), BranchesOf.branch(id));
              return begun(id.toString(), begun.get(id.toString()), BranchesOf.branch(id));
            })
        .on("/commit", asked -> commit(begun.get(asked.path().split("/")[4]), "committed"));
    // a few more than may be inside: they wait for a moment, far from the limit of their patience
    var clients = Executors.newFixedThreadPool(20);
    try {
      for (int round = 0; round < 3; round++) {
        assertThat(atOnce(clients, 20))
            .allSatisfy(change -> assertThat(change.join()).isInstanceOf(Outcome.Applied.class));
      }
    } finally {
      clients.shutdown();
    }
  }

  private static List<CompletableFuture<Outcome>> atOnce(Executor clients, int many) {
    return Stream.generate(XaModeIT::newCustomer).limit(many).toList().stream()
        .map(
            who ->
                CompletableFuture.supplyAsync(
                    () -> mode(patient).carryOut(change(who, null)), clients))
        .toList();
  }

  @Test
  void manyChangesWithoutAnyPartLeaveNoThreadsOrConnectionsBehind() {
    coordinator.close();
    copy.close();
    for (int i = 0; i < 30; i++) {
      assertRefused(carryOut(change()), Reason.PART_AWAY);
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(XaModeIT::isCall).count())
        .isLessThan(10);
  }

  private static boolean isCall(Thread thread) {
    return thread.getName().equals("xa-call");
  }

  private void assertToldUntouched() {
    await().until(() -> !coordinator.asked("/rollback").isEmpty());
    assertThat(coordinator.asked("/rollback").get(0).body())
        .contains("customer-service", "order-service");
  }

  private void assertUntouched(CreditLimitChange change, Reason reason) {
    assertRefused(carryOut(change), reason);
    assertNothingLocked();
    assertThat(limit()).isEqualTo("1.00 v1");
    assertThat(copy.asked("/work")).isEmpty();
  }

  private void assertGivenUp(CreditLimitChange change, Reason reason) {
    assertRefused(carryOut(change), reason);
    assertNothingLocked();
    assertThat(state(HERE, change.id())).isEqualTo("refused");
    assertThat(limit()).isEqualTo("1.00 v1");
  }

  private void assertNothingLocked() {
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    TestDatabases.asService(HERE)
        .sql("select 1 from customer where customer_id = ? for update nowait")
        .param(customer.value())
        .query(Integer.class)
        .single();
  }

  private static void assertRefused(Outcome outcome, Reason reason) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).refusal().reason()).isEqualTo(reason);
  }

  private static void terminate(String state) {
    TestDatabases.asAdmin(HERE)
        .sql(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where usename = 'customer_service' and state = ?
            """)
        .param(state)
        .query(Boolean.class)
        .list();
  }

  private static CustomerId newCustomer() {
    var customer = CustomerId.random();
    TestDatabases.asService(HERE)
        .sql(
            "insert into customer (customer_id, name, credit_limit, version) values (?, 'A', 1, 1)")
        .param(customer.value())
        .update();
    return customer;
  }

  private static ChangeId reference(Scripted.Asked asked) {
    var reference = asked.body().replaceAll("(?s).*\"reference\":\"([^\"]+)\".*", "$1");
    return new ChangeId(java.util.UUID.fromString(reference));
  }

  private Reply begin(Scripted.Asked asked) {
    var id = reference(asked);
    own.set(BranchesOf.branch(id));
    copys.set(BranchesOf.branch(id));
    return begun("t", own.get(), copys.get());
  }

  private static Reply begun(String transaction, BranchId own, BranchId copys) {
    return new Reply(
        201,
        """
        {"transaction":"%s","branches":{"customer-service":"%s","order-service":"%s"},
         "expiresInMillis":2000}
        """
            .formatted(transaction, own, copys));
  }

  private Reply commitOwn(String outcome) {
    return commit(own.get(), outcome);
  }

  private static Reply commit(BranchId branch, String outcome) {
    TestDatabases.asService(HERE).sql("commit prepared '" + branch + "'").update();
    return new Reply(200, "{\"transaction\":\"t\",\"outcome\":\"" + outcome + "\"}");
  }

  /** Whoever hangs goes on to hang: the answer does not wait for that to end. */
  private static Outcome carryOut(CreditLimitChange change) {
    var carried = CompletableFuture.supplyAsync(() -> mode().carryOut(change), ANOTHER_THREAD);
    try {
      return carried.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw (RuntimeException) failed.getCause();
    } catch (InterruptedException | TimeoutException noAnswer) {
      throw new AssertionError("no answer", noAnswer);
    }
  }

  private CreditLimitChange change() {
    return change(customer, null);
  }

  private static CreditLimitChange change(CustomerId customer, Long expectedVersion) {
    return new CreditLimitChange(
        ChangeId.random(),
        customer,
        Kind.CHANGE,
        CreditLimit.of("500"),
        null,
        expectedVersion,
        Instant.now());
  }

  private String limit() {
    return TestDatabases.asService(HERE)
        .sql("select credit_limit || ' v' || version from customer where customer_id = ?")
        .param(customer.value())
        .query(String.class)
        .single();
  }

  private static String row(CreditLimitChange change) {
    return TestDatabases.asService(HERE)
        .sql(
            "select customer_id || ' ' || mode || ' ' || reason from limit_change where change_id ="
                + " ?")
        .param(change.id().value())
        .query(String.class)
        .single();
  }

  private static int borrowedConnections(TestApp of) {
    return ((HikariDataSource) of.bean(DataSource.class))
        .getHikariPoolMXBean()
        .getActiveConnections();
  }

  private static ConsistencyMode mode() {
    return mode(app);
  }

  private static ConsistencyMode mode(TestApp of) {
    return of.bean(ConsistencyMode.class);
  }

  private static Heard heard() {
    return app.bean(Heard.class);
  }
}
