package dev.tandem.mode.xa;

import static dev.tandem.mode.xa.BranchesOf.branch;
import static dev.tandem.mode.xa.BranchesOf.prepare;
import static dev.tandem.mode.xa.BranchesOf.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.Heard;
import dev.tandem.mode.ModeListener.Step;
import dev.tandem.mode.Refusal;
import dev.tandem.mode.TestApp;
import dev.tandem.mode.TestCopy;
import dev.tandem.mode.TestDatabases;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

/** The participant's port and the work call, over HTTP, on a real server. */
class ParticipationIT {

  private static final Databases HERE = Databases.ORDERS;

  private static TestApp app;

  private final ChangeId change = ChangeId.random();
  private final UUID customer = UUID.randomUUID();
  private final BranchId branch = branch(change);

  @BeforeAll
  static void start() {
    app = new TestApp(TestApp.CopySide.class, HERE, Map.of());
  }

  @AfterAll
  static void stop() {
    app.close();
  }

  @AfterEach
  void tidy() {
    app.bean(TestCopy.class).undisturbed();
    TestDatabases.rollBackWhatIsPrepared();
  }

  @Test
  void workIsPreparedBeforeItsAnswerAndSeenByNobodyUntilTheCommit() {
    assertAnswer(work(branch, 1_000), 200, "prepared");
    assertThat(TestDatabases.prepared(HERE)).containsExactly(branch.text());
    assertThat(state(HERE, change)).isEqualTo("nothing");
    assertAnswer(verb("commit"), 200, "committed");
    assertThat(state(HERE, change)).isEqualTo("applied");
    assertThat(heard()).containsExactly(Step.APPLIED_BY_COPY, Step.COMMITTED);
  }

  @Test
  void repeatedWorkVotesAgainAndPreparesOnce() {
    work(branch, 1_000);
    assertAnswer(work(branch, 1_500), 200, "prepared");
    assertThat(TestDatabases.prepared(HERE)).containsExactly(branch.text());
  }

  @Test
  void workThatIsRepeatedAfterTheCommitStillVotesPreparedAndChangesNothing() {
    work(branch, 1_000);
    verb("commit");
    assertAnswer(work(branch, 1_000), 200, "prepared");
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    assertThat(heard()).doesNotContain(Step.TOMBSTONE);
  }

  @Test
  void everyVerbCanBeRepeated() {
    work(branch, 1_000);
    for (int i = 0; i < 3; i++) {
      assertAnswer(verb("prepare"), 200, "prepared");
    }
    for (int i = 0; i < 3; i++) {
      assertAnswer(verb("commit"), 200, "committed");
    }
    assertAnswer(verb("prepare"), 200, "prepared");
    var other = branch(ChangeId.random());
    prepare(HERE, other);
    for (int i = 0; i < 3; i++) {
      assertAnswer(verb("rollback", other), 200, "rolled-back");
    }
    assertAnswer(verb("prepare", other), 409, "rolled-back");
  }

  // X3
  @Test
  void commitOfABranchThatIsGoneCountsAsDoneIfItsChangeRowIsThere() {
    work(branch, 1_000);
    TestDatabases.asService(HERE).sql("commit prepared '" + branch + "'").update();
    assertAnswer(verb("commit"), 200, "committed");
    assertThat(heard()).doesNotContain(Step.ANOMALY);
  }

  // X3
  @Test
  void commitOfABranchThatLeftNoTraceIsAnAnomalyAndStaysRolledBack() {
    assertAnswer(verb("commit"), 409, "rolled-back");
    assertThat(heard()).containsExactly(Step.ANOMALY);
    assertAnswer(work(branch, 1_000), 409, "rolled-back");
    assertAnswer(verb("commit"), 409, "rolled-back");
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
  }

  // X3
  @Test
  void commitOfARolledBackBranchIsAnAnomaly() {
    work(branch, 1_000);
    verb("rollback");
    assertAnswer(verb("commit"), 409, "rolled-back");
    assertThat(heard()).endsWith(Step.ANOMALY);
  }

  // X4
  @Test
  void rollbackOfAnUnknownBranchLeavesATombstoneOnWhichLateWorkDies() {
    assertAnswer(verb("rollback"), 200, "rolled-back");
    assertThat(state(HERE, change)).isEqualTo("refused");
    assertAnswer(work(branch, 1_000), 409, "rolled-back");
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    assertThat(account()).isEmpty();
    assertThat(heard()).containsExactly(Step.ROLLED_BACK, Step.TOMBSTONE);
  }

  // X4
  @Test
  void rollbackOfAPreparedBranchFreesTheCustomerAndLeavesATombstone() {
    work(branch, 1_000);
    assertAnswer(verb("rollback"), 200, "rolled-back");
    assertThat(state(HERE, change)).isEqualTo("refused");
    assertThat(account()).isEmpty();
    assertAnswer(work(branch(change), 1_000), 409, "rolled-back");
  }

  @Test
  void rollbackOfACommittedBranchIsAnAnomalyAndChangesNothing() {
    work(branch, 1_000);
    verb("commit");
    assertAnswer(verb("rollback"), 409, "committed");
    assertThat(state(HERE, change)).isEqualTo("applied");
    assertThat(heard()).endsWith(Step.ANOMALY);
  }

  // X4
  @Test
  void aTombstoneForWorkThatStillRunsHasToBeAskedForAgain() throws Exception {
    var applied = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    app.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) -> {
              applied.countDown();
              uninterruptibly(goOn);
            });
    var running = CompletableFuture.supplyAsync(() -> work(branch, 30_000));
    applied.await();
    assertAnswer(verb("rollback"), 503, "branch-unavailable");
    assertAnswer(verb("commit"), 503, "branch-unavailable");
    goOn.countDown();
    assertAnswer(running.join(), 200, "prepared");
    assertAnswer(verb("rollback"), 200, "rolled-back");
    assertThat(state(HERE, change)).isEqualTo("refused");
  }

  // X4
  @Test
  void aTombstoneForAChangeThatAnotherBranchHasPreparedHasToBeAskedForAgain() {
    work(branch, 1_000);
    var answer = verb("rollback", branch(change));
    assertAnswer(answer, 503, "\"retryable\":true");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertAnswer(verb("commit"), 200, "committed");
  }

  // X9
  @Test
  void workThatWaitsForALockPastItsTimeIsNotPrepared() throws Exception {
    createAccount();
    try (var holder = TestDatabases.open(HERE)) {
      holder
          .createStatement()
          .execute(
              "select 1 from credit_account where customer_id = '" + customer + "' for update");
      assertAnswer(work(branch, 200), 503, "work-not-done");
    }
    assertNothingLeft();
  }

  // X9
  @Test
  void workThatTakesTooLongInTheDatabaseIsNotPrepared() {
    app.bean(TestCopy.class)
        .afterwards((limit, jdbc) -> jdbc.sql("select pg_sleep(5)").query().listOfRows());
    assertAnswer(work(branch, 300), 503, "work-not-done");
    assertNothingLeft();
  }

  // X9
  @Test
  void workWhoseProcessWasFrozenPastItsTimeIsNotPrepared() {
    app.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) -> {
              int backend = jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
              // less than the 10 s after which the role's own limits would end it
              await().atMost(Duration.ofSeconds(4)).until(() -> !alive(backend));
            });
    assertAnswer(work(branch, 300), 503, "work-not-done");
    assertNothingLeft();
  }

  @Test
  void workWithoutTimeLeftIsNotBegun() {
    assertAnswer(work(branch, 0), 503, "too-late");
    assertAnswer(work(branch, -5), 503, "too-late");
    assertAnswer(work(branch, Long.MAX_VALUE), 400, "Tandem-Remaining-Millis");
    assertThat(state(HERE, change)).isEqualTo("nothing");
  }

  // X9
  @Test
  void verbsGoOnWhileTheServiceHasNoConnectionLeft() throws SQLException {
    prepare(HERE, branch);
    var other = prepare(HERE, branch(ChangeId.random()));
    var main = (HikariDataSource) app.bean(DataSource.class);
    var borrowed = new ArrayList<Connection>();
    try {
      while (borrowed.size() < main.getMaximumPoolSize()) {
        borrowed.add(main.getConnection());
      }
      assertAnswer(verb("prepare"), 200, "prepared");
      assertAnswer(verb("commit"), 200, "committed");
      assertAnswer(verb("rollback", other), 200, "rolled-back");
    } finally {
      for (var connection : borrowed) {
        connection.close();
      }
    }
    assertThat(state(HERE, change)).isEqualTo("applied");
  }

  @Test
  void aLockThatIsNotToBeHadIsAskedForAgainWithinTheDatabasesLimit() throws Exception {
    createAccount();
    try (var holder = TestDatabases.open(HERE)) {
      holder
          .createStatement()
          .execute(
              "select 1 from credit_account where customer_id = '" + customer + "' for update");
      assertAnswer(work(branch, 20_000), 503, "work-not-done");
    }
    assertNothingLeft();
  }

  @Test
  void aStatementThatFailedAndWasSwallowedIsNotVotedFor() {
    app.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) -> {
              try {
                jdbc.sql("select 1 / 0").query().listOfRows();
              } catch (DataAccessException swallowed) {
                // as careless code would
              }
            });
    assertAnswer(work(branch, 1_000), 503, "work-not-done");
    assertNothingLeft();
  }

  @Test
  void aKeyThatIsSpentElsewhereIsNoVote() {
    app.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) ->
                jdbc.sql(
                        "insert into credit_account (customer_id, credit_limit, limit_version) values (?, 1, 1)")
                    .param(limit.customerId().value())
                    .update());
    assertAnswer(work(branch, 1_000), 503, "work-not-done");
    assertNothingLeft();
  }

  @Test
  void aRefusalIsAConflictWithItsReasonAndLeavesNothing() {
    app.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) -> {
              throw new ChangeRefused(Refusal.Reason.BELOW_EXPOSURE, "too low");
            });
    assertAnswer(work(branch, 1_000), 409, "\"code\":\"below-exposure\"");
    assertNothingLeft();
  }

  @Test
  void workWhoseBodyIsNotTheBranchsOrIsIncompleteIsRefused() {
    assertAnswer(work(branch(ChangeId.random()), 1_000), 400, "changeId");
    assertAnswer(put("{}", branch, 1_000), 400, "retryable");
    assertAnswer(put("{\"changeId\":\"" + change + "\"}", branch, 1_000), 400, "retryable");
    assertAnswer(put(body().replace("\"version\":4", "\"version\":0"), branch, 1_000), 400, "r");
    assertAnswer(put(body().replace("\"500.00\"", "\"-1\""), branch, 1_000), 400, "limit");
    assertNothingLeft();
  }

  @Test
  void theListShowsThisDatabasesBranchesOfThisCoordinatorOnly() {
    var mine = prepare(HERE, branch("tandem-a", ChangeId.random()));
    prepare(HERE, branch("tandem-ab", ChangeId.random()));
    prepare(HERE, branch("tandem-a1-b", ChangeId.random()));
    prepare(HERE, branch("andem-a", ChangeId.random()));
    prepare(Databases.CUSTOMER, branch("tandem-a", ChangeId.random()));
    assertThat(app.get("/internal/xa/branches?coordinator=tandem-a").body())
        .isEqualTo("{\"branches\":[\"" + mine + "\"]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".*", "tandem-a1", "a'", "tandem-%", "xa1:tandem-a", "Tandem"})
  void aListForWhatIsNoCoordinatorIsRefused(String name) {
    var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
    assertAnswer(app.get("/internal/xa/branches?coordinator=" + encoded), 400, "coordinator");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "xa1:a:b",
        "xa1:a1:b:not-a-change-id-but-36-characters-lo",
        "xa1:a1:b:00000000-0000-0000-0000-00000000000G",
        "xa1:a1:b:0000000000-000-0000-0000-000000000000",
        "xa2:a1:b:00000000-0000-0000-0000-000000000000",
        "xa1:a1::00000000-0000-0000-0000-000000000000",
        "xa1:a'; drop table limit_change; --:b:00000000-0000-0000-0000-000000000000",
        "xa1:a1:b:00000000-0000-0000-0000-000000000000\n",
        "xa1:a1:b:00000000-0000-0000-0000-000000000000'",
        "xa1:ä1:b:00000000-0000-0000-0000-000000000000"
      })
  void aHostileBranchIdIsRefused(String text) {
    var encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    for (var verb : List.of("prepare", "commit", "rollback")) {
      var answer = app.post("/internal/xa/branches/" + encoded + "/" + verb);
      assertAnswer(answer, 400, "branch");
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
  }

  @Test
  void aBranchIdOf300CharactersIsRefused() {
    var text = "xa1:" + "a".repeat(220) + "1:b:" + change;
    assertAnswer(app.post("/internal/xa/branches/" + text + "/commit"), 400, "branch");
    assertThat(put(body(), text, 1_000).statusCode()).isEqualTo(400);
  }

  @Test
  void aForgedCallIsRefusedAndDoesNothing() {
    prepare(HERE, branch);
    for (var authorization :
        List.of("Bearer wrong", "Basic " + TestApp.TOKEN, "bearer", "Bearer ")) {
      for (var verb : List.of("commit", "rollback", "prepare")) {
        var forged =
            HttpRequest.newBuilder(app.internally(path(verb, branch)))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.noBody());
        assertAnswer(app.send(forged.build()), 401, "service-token-required");
      }
    }
    var without = HttpRequest.newBuilder(app.internally(path("commit", branch)));
    assertAnswer(
        app.send(without.POST(HttpRequest.BodyPublishers.noBody()).build()), 401, "service-token");
    assertThat(TestDatabases.prepared(HERE)).containsExactly(branch.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/internal/xa/branches/%s/commit",
        "/%%69nternal/xa/branches/%s/commit",
        "/internal;a=b/xa/branches/%s/commit",
        "//internal/xa/branches/%s/commit",
        "/x/../internal/xa/branches/%s/commit",
        "/./internal//xa/branches/%s/commit",
        "/internal/xa/branches/%s/commit/",
        "/INTERNAL/xa/branches/%s/commit"
      })
  void thePublicPortKnowsNoInternalPathHoweverItIsSpelled(String path) {
    prepare(HERE, branch);
    var address = app.publicly(path.formatted(branch));
    for (var method : List.of("POST", "GET", "PUT", "OPTIONS")) {
      var request =
          HttpRequest.newBuilder(address)
              .header("Authorization", "Bearer " + TestApp.TOKEN)
              .method(method, HttpRequest.BodyPublishers.noBody());
      assertThat(app.send(request.build()).statusCode()).as(method).isIn(400, 404);
    }
    assertThat(TestDatabases.prepared(HERE)).containsExactly(branch.text());
  }

  @Test
  void workOnThePublicPortIsNotFoundAndItsXidIgnored() {
    var request = workRequest(body(), branch.text(), 1_000, app.publicly("/internal/xa/work"));
    assertAnswer(app.send(request), 404, "not-found");
    assertNothingLeft();
  }

  @Test
  void commitsOfOneBranchAtTheSameTimeAllTellTheTruth() {
    for (int round = 0; round < 20; round++) {
      var one = prepare(HERE, branch(ChangeId.random()));
      var answers =
          atOnce(() -> verb("commit", one), () -> verb("commit", one), () -> verb("commit", one));
      assertThat(answers).allMatch(answer -> answer.statusCode() != 409);
      assertThat(answers).anyMatch(answer -> answer.statusCode() == 200);
      assertThat(state(HERE, one.change())).isEqualTo("applied");
    }
  }

  @Test
  void commitAndRollbackOfOneBranchAtTheSameTimeNeverSplit() {
    var seen = new HashSet<String>();
    for (int round = 0; round < 40; round++) {
      var one = prepare(HERE, branch(ChangeId.random()));
      boolean commitFirst = round % 2 == 0; // either may win
      var answers =
          commitFirst
              ? atOnce(() -> verb("commit", one), () -> verb("rollback", one))
              : atOnce(() -> verb("rollback", one), () -> verb("commit", one));
      var end = state(HERE, one.change());
      seen.add(end);
      for (var answer : answers) {
        var truth = end.equals("applied") ? "committed" : "rolled-back";
        assertThat(answer.statusCode() == 503 || answer.body().contains(truth))
            .as("%s, but %s", end, answer.body())
            .isTrue();
      }
      assertThat(end).isIn("applied", "refused");
    }
    System.out.println("commit against rollback ended as " + seen);
  }

  @SafeVarargs
  private static List<HttpResponse<String>> atOnce(Supplier<HttpResponse<String>>... calls) {
    var running = List.of(calls).stream().map(CompletableFuture::supplyAsync).toList();
    return running.stream().map(CompletableFuture::join).toList();
  }

  private void assertNothingLeft() {
    assertThat(TestDatabases.prepared(HERE)).isEmpty();
    assertThat(state(HERE, change)).isEqualTo("nothing");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        TestDatabases.asAdmin(HERE)
                            .sql(
                                """
                                select state || ' ' || query from pg_stat_activity
                                where usename = 'order_service' and state <> 'idle'
                                """)
                            .query(String.class)
                            .list())
                    .isEmpty());
  }

  private static boolean alive(int backend) {
    return TestDatabases.asAdmin(HERE)
        .sql("select exists (select from pg_stat_activity where pid = ?)")
        .param(backend)
        .query(Boolean.class)
        .single();
  }

  private void createAccount() {
    TestDatabases.asService(HERE)
        .sql(
            "insert into credit_account (customer_id, credit_limit, limit_version) values (?, 1, 1)")
        .param(customer)
        .update();
  }

  private List<String> account() {
    return TestDatabases.asService(HERE)
        .sql("select credit_limit::text from credit_account where customer_id = ?")
        .param(customer)
        .query(String.class)
        .list();
  }

  private List<Step> heard() {
    return app.bean(Heard.class).steps(change);
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> verb(String verb) {
    return verb(verb, branch);
  }

  private static HttpResponse<String> verb(String verb, BranchId branch) {
    return app.post(path(verb, branch));
  }

  private static String path(String verb, BranchId branch) {
    return "/internal/xa/branches/" + branch + "/" + verb;
  }

  private HttpResponse<String> work(BranchId in, long remainingMillis) {
    return put(body(), in, remainingMillis);
  }

  private HttpResponse<String> put(String body, BranchId in, long remainingMillis) {
    return put(body, in.text(), remainingMillis);
  }

  private HttpResponse<String> put(String body, String xid, long remainingMillis) {
    return app.send(workRequest(body, xid, remainingMillis, app.internally("/internal/xa/work")));
  }

  private static HttpRequest workRequest(
      String body, String xid, long remainingMillis, java.net.URI address) {
    return HttpRequest.newBuilder(address)
        .header("Authorization", "Bearer " + TestApp.TOKEN)
        .header("Content-Type", "application/json")
        .header("Xid", xid)
        .header("Tandem-Remaining-Millis", String.valueOf(remainingMillis))
        .PUT(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String body() {
    return """
    {"changeId":"%s","customerId":"%s","kind":"CHANGE","limit":"500.00","version":4,"mode":"xa",
     "requestedAt":"2026-11-22T10:00:00Z"}
    """
        .formatted(change, customer);
  }

  private static void assertAnswer(HttpResponse<String> answer, int status, String says) {
    assertThat(answer.body()).contains(says);
    assertThat(answer.statusCode()).isEqualTo(status);
  }
}
