package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import dev.tandem.mode.ActionId;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.LimitOwner;
import dev.tandem.mode.ModeChanged;
import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.TentativeOwner;
import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The operator's switch, with two instances of the service at one database. */
class ModeSwitchIT {

  private static final String STAGE = ModeOnStage.NAME;
  private static final String UNDERSTUDY = ModeOnStage.UNDERSTUDY;
  private static final String PATH = "/actuator/consistency";
  private static final String[] TOKEN = {"Authorization", "Bearer " + RunningService.TOKEN};
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String EXTRA = ModeOnStage.EXTRA;
  private static final String ENABLED = String.join(",", STAGE, UNDERSTUDY, EXTRA);

  /** One for each that waits: the common pool has fewer. */
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  /**
   * They outlast a process that stands still for some seconds, be it with a lock in hand, before
   * one, or in the middle of a transaction.
   */
  private static final Map<String, String> PATIENT =
      Map.of(
          "tandem.consistency.enabled",
          ENABLED,
          "tandem.consistency.switch-within",
          "20s",
          "spring.datasource.hikari.data-source-properties.socketTimeout",
          "20",
          "spring.datasource.hikari.connection-init-sql",
          "set lock_timeout = '8s'; set idle_in_transaction_session_timeout = '60s';"
              + " set client_connection_check_interval = '1s'");

  private static Service first;
  private static Service second;

  /** For switches that are to be refused. Its database has the settings of the service. */
  private static Service impatient;

  @BeforeAll
  static void start() {
    first = new Service(PATIENT);
    second = anotherInstance(PATIENT);
    impatient = anotherInstance(ENABLED);
    hearsOfNoSwitchByItself(second);
  }

  /**
   * Else it could, once a second, between a switch and the change that is to meet it unprepared.
   */
  private static void hearsOfNoSwitchByItself(Service service) {
    service
        .bean(ScheduledAnnotationBeanPostProcessor.class)
        .postProcessBeforeDestruction(service.bean(ModeInForce.class), "modeInForce");
  }

  private static Service anotherInstance(String enabled) {
    return anotherInstance(
        Map.of("tandem.consistency.enabled", enabled, "tandem.consistency.switch-within", "1s"));
  }

  private static Service anotherInstance(Map<String, String> settings) {
    return new Service(settings, own -> first.database.url());
  }

  @AfterAll
  static void stop() {
    THREADS.shutdownNow();
    Stream.of(impatient, second, first).forEach(Service::close);
  }

  /** What a test begins with has been in force for a while: none waits for that to be so. */
  private static void endTheShortestReign() {
    sql().sql("update consistency_mode set since = since - interval '1 s'").update();
  }

  @BeforeEach
  void begin() {
    Stream.of(first, second)
        .flatMap(service -> Stream.of(service.mode, service.understudy))
        .forEach(ModeOnStage::reset);
    endTheShortestReign();
    assertThat(switchTo(STAGE).status()).isEqualTo(200);
    endTheShortestReign();
    Stream.of(first, second).forEach(service -> service.bean(ModeInForce.class).refresh());
  }

  @Test
  void theModeThatIsPutInForceCarriesTheNextChangeOnEveryInstance() {
    var customer = first.customer("100");
    assertThat(changed(first, customer).header("Consistency-Mode")).isEqualTo(STAGE);

    var answer = switchTo(UNDERSTUDY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("mode").asString()).isEqualTo(UNDERSTUDY);
    for (var service : List.of(first, second)) {
      assertThat(changed(service, customer).header("Consistency-Mode")).isEqualTo(UNDERSTUDY);
    }
    assertThat(modesOf(customer)).containsExactly(STAGE, STAGE, UNDERSTUDY, UNDERSTUDY);
  }

  @Test
  void anInstanceThatHasNotHeardOfItDoesNothingInTheOldMode() {
    var customer = first.customer("100");
    afterASwitchOfWhichTheSecondHasNotHeard();
    var attempts = new CopyOnWriteArrayList<String>();
    second.mode.behaviour =
        change -> {
          attempts.add(change.id().toString());
          return second.mode.commits(change);
        };

    var answer = changed(second, customer);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(attempts)
        .as("late work of the old mode's attempt must not meet this change")
        .hasSize(1)
        .doesNotContain(answer.body().path("changeId").asString());
    assertThat(answer.header("Consistency-Mode")).isEqualTo(UNDERSTUDY);
    assertThat(second.mode.carried).as("attempts in the old mode").hasValue(1);
    assertThat(modesOf(customer)).containsExactly(STAGE, UNDERSTUDY);
  }

  @Test
  void aKeyedChangeThatMeetsAnotherModeIsDoneOnceAndRepeatedWordForWord() {
    var customer = first.customer("100");
    afterASwitchOfWhichTheSecondHasNotHeard();
    var key = UUID.randomUUID().toString();

    var answer = changed(second, customer, "Idempotency-Key", key);
    var again = changed(first, customer, "Idempotency-Key", key);

    assertThat(second.mode.carried).as("attempts in the old mode").hasValue(1);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Consistency-Mode")).isEqualTo(UNDERSTUDY);
    assertThat(again.body()).isEqualTo(answer.body());
    assertThat(again.header("Consistency-Mode")).isEqualTo(UNDERSTUDY);
    assertThat(modesOf(customer)).containsExactly(STAGE, UNDERSTUDY);
    assertThat(first.get(customer + "/creditlimit/history").body().path("items")).hasSize(2);
    assertThat(count("select count(*) from open_change")).isZero();
  }

  @Test
  void anInstanceHearsByItselfOfASwitchThatAnotherOneMade() {
    second.internalPost(PATH, "{\"mode\":\"understudy\",\"by\":\"Ada\"}", TOKEN);

    await()
        .atMost(SOON)
        .until(() -> first.bean(ModeInForce.class).current().name().equals(UNDERSTUDY));
  }

  @Test
  void aNewCustomerComesInTheModeInForceToo() {
    afterASwitchOfWhichTheSecondHasNotHeard();
    var customer = second.customer("70");
    assertThat(second.mode.carried).as("attempts in the old mode").hasValue(1);
    assertThat(modesOf(customer)).containsExactly(UNDERSTUDY);
  }

  @Test
  void aModeThatIsInForceElsewhereAndNotEnabledHereRefusesChangesAndSaysSo() {
    var customer = first.customer("100");
    try (var narrow = anotherInstance(STAGE)) {
      assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);

      var refused = changed(narrow, customer);

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.code()).isEqualTo("mode-changed");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(modesOf(customer)).containsExactly(STAGE);
    }
  }

  /** Else they could tell one change again and again that it came in the wrong mode. */
  @Test
  void operatorsWhoChangeTheModeWithoutAPauseLeaveEachInForceForAWhile() {
    long before = count("select max(mode_change_number) from mode_change");
    var operators =
        Stream.of(STAGE, UNDERSTUDY, EXTRA)
            .map(mode -> CompletableFuture.supplyAsync(() -> threeSwitchesTo(mode), THREADS))
            .toList();

    assertThat(operators).flatMap(CompletableFuture::join).isSubsetOf(200, 409).contains(200);

    assertThat(shortestReignMillisAfter(before)).isBetween(250.0, 5_000.0);
  }

  private static List<Integer> threeSwitchesTo(String mode) {
    return IntStream.range(0, 3).mapToObj(number -> switchTo(mode).status()).toList();
  }

  private static double shortestReignMillisAfter(long change) {
    return sql()
        .sql(
            """
            select min(extract(epoch from reign) * 1000)
              from (select at - lag(at) over (order by mode_change_number) as reign
                      from mode_change where mode_change_number > ?)
            """)
        .param(change)
        .query(Double.class)
        .single();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSwitchWaitsForAChangeThatIsUnderWay(boolean onAnotherInstance) throws Exception {
    var working = onAnotherInstance ? second : first;
    var customer = first.customer("100");
    var change = aChangeUnderWay(working, customer);
    var wished = CompletableFuture.supplyAsync(() -> switchTo(UNDERSTUDY), THREADS);
    await().atMost(SOON).until(() -> aSwitchWaits());
    assertThat(wished).isNotDone();
    assertThat(modeInForce()).isEqualTo(STAGE);

    var changed = change.letGo();

    assertThat(wished.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(changed.header("Consistency-Mode")).isEqualTo(STAGE);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(modesOf(customer)).containsExactly(STAGE, STAGE);
    assertThat(changed(working, customer).header("Consistency-Mode")).isEqualTo(UNDERSTUDY);
  }

  @Test
  void changesThatQueueBehindAWaitingSwitchAreNotRefused() throws Exception {
    var slow = first.customer("100");
    var quick = IntStream.range(0, 8).mapToObj(number -> first.customer("100")).toList();
    var change = aChangeUnderWay(first, slow);
    var wished = CompletableFuture.supplyAsync(() -> switchTo(UNDERSTUDY), THREADS);
    var queued = new ArrayList<CompletableFuture<Answer>>();
    for (var customer : quick) {
      await().atMost(SOON).until(() -> aSwitchWaits());
      queued.add(CompletableFuture.supplyAsync(() -> changed(second, customer), THREADS));
    }

    assertThat(queued).allSatisfy(one -> assertThat(one.get().status()).isEqualTo(200));
    assertThat(wished).as("they did not wait for its end").isNotDone();
    assertThat(modeInForce()).isEqualTo(STAGE);

    assertThat(change.letGo().status()).isEqualTo(200);
    assertThat(wished.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void aChangeThatDoesNotEndRefusesTheSwitchAndItsSessionIsNamed() {
    var change = aChangeUnderWay(first, first.customer("100"));

    var refused = switchTo(impatient, UNDERSTUDY);

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("mode-held");
    assertThat(refused.body().path("detail").asString()).contains("at work is the database's");
    assertThat(change.letGo().status()).isEqualTo(200);
    assertThat(modeInForce()).isEqualTo(STAGE);
  }

  /** Else changes were refused that only queue behind it. */
  @Test
  void anAttemptHoldsChangesUpForLessThanHalfOfTheirPatienceForALock() {
    first.database.inOneSession(
        """
        create function tell_patience() returns trigger language plpgsql as $$
        begin new.actor := current_setting('lock_timeout'); return new; end $$
        """,
        "create trigger patience before insert on mode_change"
            + " for each row execute function tell_patience()");
    try {
      assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    } finally {
      first.database.inOneSession(
          "drop trigger patience on mode_change", "drop function tell_patience");
    }
    var ofTheAttempt = "select actor from mode_change order by mode_change_number desc limit 1";
    assertThat(millis(sql().sql(ofTheAttempt).query(String.class).single()))
        .isLessThan(
            millis(
                    impatient
                        .bean(JdbcClient.class)
                        .sql("show lock_timeout")
                        .query(String.class)
                        .single())
                / 2);
  }

  private static long millis(String setting) {
    return sql()
        .sql("select (extract(epoch from ?::interval) * 1000)::bigint")
        .param(setting)
        .query(Long.class)
        .single();
  }

  /** The database gives its lock to others then, and the operator has patience left. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create trigger sleeps before insert on mode_change",
        "create constraint trigger sleeps after insert on mode_change"
            + " deferrable initially deferred for each row" // in its commit
      })
  void anAttemptThatSleepsWithTheLockInHandIsMadeAgain(String trigger) {
    first.database.inOneSession(
        "create sequence slept",
        "grant usage on sequence slept to customer_service",
        """
        create function sleep_once() returns trigger language plpgsql as $$
        begin
          if nextval('slept') = 1 then perform pg_sleep(3); end if;
          return new;
        end $$
        """,
        trigger + " execute function sleep_once()");
    try {
      assertThat(switchTo(second, UNDERSTUDY).status()).isEqualTo(200);
      assertThat(modeInForce()).isEqualTo(UNDERSTUDY);
      assertThat(count("select last_value from slept")).as("attempts").isGreaterThan(1);
    } finally {
      first.database.inOneSession(
          "drop trigger sleeps on mode_change", "drop function sleep_once", "drop sequence slept");
    }
  }

  @Test
  void aPreparedBranchKeepsTheModeAndIsNamedAndAfterItsCommitTheSwitchGoesThrough() {
    var customer = first.customer("100");
    var change = aChange(customer, "250");
    var gid = "xa1:tandem-test-0007:abc:" + change.id();
    var transaction = new TransactionTemplate(first.bean(PlatformTransactionManager.class));
    transaction.executeWithoutResult(
        status -> {
          first.bean(LimitOwner.class).apply(change, STAGE);
          first.bean(JdbcClient.class).sql("prepare transaction '" + gid + "'").update();
        });
    try {
      var refused = switchTo(impatient, UNDERSTUDY);

      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("mode-held");
      assertThat(refused.body().path("retryable").asBoolean()).isTrue();
      assertThat(refused.body().path("detail").asString()).contains(gid);
      var branch = refused.body().path("open").path("branches").path(0);
      assertThat(branch.path("id").asString()).isEqualTo(gid);
      assertThat(branch.path("changeId").asString()).isEqualTo(change.id().toString());
      assertThat(branch.path("ageMillis").asLong()).isBetween(1_000L, 60_000L);
      assertThat(first.get(PATH).body().path("open").path("branches")).hasSize(1);
      assertThat(modeInForce()).isEqualTo(STAGE);
    } finally {
      sql().sql("commit prepared '" + gid + "'").update();
    }
    assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    assertThat(modesOf(customer)).containsExactly(STAGE, STAGE);
  }

  @Test
  void anOpenActionRefusesTheSwitchAndIsNamedAndChangesGoOnMeanwhile() throws Exception {
    var customer = first.customer("100");
    var other = first.customer("100");
    var change = aChange(customer, "250");
    var owner = first.bean(TentativeOwner.class);
    owner.reserve(change, STAGE, new ActionId("0_ffff_42"));
    CompletableFuture<Answer> wished;
    try {
      var refused = switchTo(impatient, UNDERSTUDY);

      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().path("detail").asString()).contains("open is action 0_ffff_42");
      var action = refused.body().path("open").path("actions").path(0);
      assertThat(action.path("changeId").asString()).isEqualTo(change.id().toString());
      wished = CompletableFuture.supplyAsync(() -> switchTo(UNDERSTUDY), THREADS);
      for (int i = 0; i < 5; i++) {
        await().atMost(SOON).until(() -> aSwitchHasTheLock());
        assertThat(changed(second, other).status()).isEqualTo(200);
      }
      assertThat(wished).as("they did not wait for its end").isNotDone();
      assertThat(modeInForce()).isEqualTo(STAGE);
    } finally {
      owner.compensate(change.id());
    }
    assertThat(wished.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void aReservationInAModeThatIsNotInForceWritesNothing() {
    var customer = first.customer("100");
    var owner = first.bean(TentativeOwner.class);
    for (var kind : Kind.values()) {
      var change = aChange(kind, kind == Kind.CREATE ? newCustomer() : customer, "250");
      assertThatThrownBy(() -> owner.reserve(change, UNDERSTUDY, new ActionId("0_ffff_43")))
          .isInstanceOf(ModeChanged.class);
      assertThat(count("select count(*) from limit_change where action = '0_ffff_43'")).isZero();
    }
    assertThat(count("select count(*) from customer where open_change is not null")).isZero();
  }

  @Test
  void theModeIsConfirmedBeforeTheRowIsLockedAndWhetherOrNotThereIsOne() {
    assertThatThrownBy(
            () -> first.bean(LimitOwner.class).apply(aChange(newCustomer(), "1"), UNDERSTUDY))
        .as("of a customer who does not exist")
        .isInstanceOf(ModeChanged.class);

    var customer = first.customer("100");
    var holder = aTransactionUnderWay(() -> lockRow(customer));
    try {
      // refused at once: it does not wait for the row
      assertThatThrownBy(
              () -> first.bean(LimitOwner.class).apply(aChange(customer, "1"), UNDERSTUDY))
          .isInstanceOf(ModeChanged.class);
    } finally {
      holder.letGo();
    }
  }

  @Test
  void theModeIsConfirmedOncePerChangeAndOnceMoreAfterAWaitForTheRowWithoutWaitingForASwitch() {
    var customer = first.customer("100");
    first.database.inOneSession(
        "create sequence confirmed",
        "grant usage on sequence confirmed to customer_service",
        "alter function confirm_mode rename to confirm_mode_uncounted",
        """
        create function confirm_mode(wanted text) returns boolean language plpgsql volatile as $$
        begin perform nextval('confirmed'); return confirm_mode_uncounted(wanted); end $$
        """);
    try {
      var holder = aTransactionUnderWay(() -> raiseVersion(customer));
      var waiting = CompletableFuture.supplyAsync(() -> changed(second, customer), THREADS);
      await()
          .atMost(SOON)
          .until(() -> count("select count(*) from pg_locks where not granted") > 0);
      assertThat(confirmed()).as("before the wait").isEqualTo(1);
      var wished = CompletableFuture.supplyAsync(() -> switchTo(UNDERSTUDY), THREADS);
      await().atMost(SOON).until(() -> aSwitchWaits());
      holder.letGo();
      assertThat(waiting.join().header("ETag")).as("looked at the row anew").isEqualTo("\"3\"");
      assertThat(confirmed()).as("looked at the mode anew").isEqualTo(2);
      assertThat(wished.join().status()).isEqualTo(200);
      second.bean(ModeInForce.class).refresh();
      assertThat(changed(second, customer).status()).isEqualTo(200);
      assertThat(confirmed()).isEqualTo(3);
      second.customer("5");
      assertThat(confirmed()).isEqualTo(4);
    } finally {
      first.database.inOneSession(
          "drop function confirm_mode",
          "alter function confirm_mode_uncounted rename to confirm_mode",
          "drop sequence confirmed");
    }
  }

  @Test
  void aRestartKeepsTheModeWhateverTheSettingSays() {
    assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    try (var restarted = anotherInstance(ENABLED)) { // its tandem.consistency.mode is the other one
      assertThat(restarted.bean(ModeInForce.class).current().name()).isEqualTo(UNDERSTUDY);
      assertThat(changed(restarted, restarted.customer("1")).header("Consistency-Mode"))
          .isEqualTo(UNDERSTUDY);
      assertThat(restarted.mode.carried).hasValue(0);
    }
  }

  @Test
  void aModeInForceThatIsNotEnabledStopsTheStartWithTheCure() {
    assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    assertThatThrownBy(() -> anotherInstance(STAGE).close())
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining("The mode in force is 'understudy' (since ")
        .hasMessageContaining("but the enabled modes are [stage]")
        .extracting(setting -> ((UnusableSetting) setting).cure())
        .asString()
        .contains("Add it to tandem.consistency.enabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"event", "lra", "xa"})
  void aModeThatIsNotEnabledAnyMoreButHasWorkLeftStopsTheStartWithTheCure(String mode) {
    var customer = UUID.randomUUID().toString();
    var left =
        switch (mode) {
          case "event" ->
              """
              insert into outbox (change_id, customer_id, kind, credit_limit, version, requested_at)
              values (gen_random_uuid(), '%s', 'change', 1, 2, now())""";
          case "lra" ->
              """
              insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit,
                                        version, action, requested_at, pending_since)
              values (gen_random_uuid(), '%s', 'change', 'lra', 'pending', 1, 2, 'left', now(), now())""";
          default -> "begin; select '%s'; prepare transaction 'xa1:tandem1:b:c'";
        };
    var gone =
        switch (mode) {
          case "event" -> "delete from outbox";
          case "lra" -> "delete from limit_change where action = 'left'";
          default -> "rollback prepared 'xa1:tandem1:b:c'";
        };
    first.database.inOneSession(left.formatted(customer));
    try {
      assertThatThrownBy(() -> anotherInstance(STAGE).close())
          .isInstanceOf(UnusableSetting.class)
          .hasMessageContaining("The mode '" + mode + "' has work in this database")
          .extracting(setting -> ((UnusableSetting) setting).cure())
          .asString()
          .contains("Add it to tandem.consistency.enabled");
    } finally {
      first.database.inOneSession(gone);
    }
  }

  @Test
  void aForeignBranchWhoseNameIsNearlyOursIsShownWithoutAChange() {
    var foreign = "other:------------------------------------";
    first.database.inOneSession("begin; select 1; prepare transaction '" + foreign + "'");
    try {
      var shown = first.get("/actuator/consistency");
      assertThat(shown.status()).isEqualTo(200);
      assertThat(shown.body().at("/open/branches/0/id").asString()).isEqualTo(foreign);
      assertThat(shown.body().at("/open/branches/0").has("changeId")).isFalse();
    } finally {
      first.database.inOneSession("rollback prepared '" + foreign + "'");
    }
  }

  @Test
  void itIsToldWhoChangedTheModeWhenFromWhatAndToWhat() {
    var before = Instant.now().minusSeconds(1);
    first.internalPost(PATH, "{\"mode\":\"understudy\",\"by\":\"Ada\"}", TOKEN);
    second.internalPost(PATH, "{\"mode\":\"understudy\",\"by\":\"Eve\"}", TOKEN); // is already
    second.internalPost(PATH, "{\"mode\":\"stage\",\"by\":\"Grace\"}", TOKEN);

    var state = first.get(PATH).body();

    assertThat(state.path("mode").asString()).isEqualTo(STAGE);
    assertThat(state.path("by").asString()).isEqualTo("Grace");
    assertThat(Instant.parse(state.path("since").asString())).isAfter(before);
    assertThat(state.path("enabled").valueStream().map(one -> one.asString()))
        .containsExactly(STAGE, UNDERSTUDY, EXTRA);
    var changes = state.path("changes");
    assertThat(changes.path(0).path("from").asString()).isEqualTo(UNDERSTUDY);
    assertThat(changes.path(0).path("to").asString()).isEqualTo(STAGE);
    assertThat(changes.path(0).path("by").asString()).isEqualTo("Grace");
    assertThat(changes.path(0).path("at").asString()).isEqualTo(state.path("since").asString());
    assertThat(changes.path(1).path("by").asString()).isEqualTo("Ada");
    assertThat(changes.size()).isLessThanOrEqualTo(20);
    assertThat(
            sql()
                .sql("select to_mode || ' ' || actor from mode_change where from_mode is null")
                .query(String.class)
                .single())
        .isEqualTo("stage tandem.consistency.mode, at the first start");
    for (var list : List.of("branches", "actions", "sessions")) {
      assertThat(state.path("open").path(list).isArray()).as(list).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'mode':'event','by':'x'}         | mode",
        "{'mode':'XA','by':'x'}            | mode",
        "{'mode':'','by':'x'}              | mode",
        "{'by':'x'}                        | mode",
        "{'mode':'stage','by':'x','more':1} | more",
        "{'mode':'stage'}                  | by",
        "{'mode':'stage','by':'  '}        | by",
        "{'mode':'stage','by':'a\\u0000'}  | by",
        "{'mode':'stage','by':'a\\nb'}     | by",
      })
  void aWrongWishNamesItsFieldAndChangesNothing(String body, String field) {
    var answer = first.internalPost(PATH, body.replace('\'', '"'), TOKEN);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.field()).isEqualTo(field);
    assertThat(modeInForce()).isEqualTo(STAGE);
  }

  @Test
  void anUnknownModeIsAnsweredWithTheEnabledOnes() {
    var answer = switchTo("lra");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("detail").asString())
        .contains("enabled are stage, understudy, extra");
  }

  @Test
  void onlyTheInternalDoorChangesTheModeAndOnlyWithTheToken() {
    var wish = "{\"mode\":\"understudy\",\"by\":\"x\"}";
    assertThat(first.post(PATH, wish).status()).isEqualTo(404);
    assertThat(first.post(PATH, wish, TOKEN).status()).isEqualTo(404);
    assertThat(first.internalPost(PATH, wish).status()).isEqualTo(401);
    assertThat(first.internalPost(PATH, wish, "Authorization", "Bearer wrong").status())
        .isEqualTo(401);
    assertThat(modeInForce()).isEqualTo(STAGE);
    assertThat(first.get(PATH).status()).isEqualTo(200);
    assertThat(first.internalPost(PATH, wish, TOKEN).status()).isEqualTo(200);
  }

  @Test
  void withoutItsDatabaseNothingIsToldAndAfterItsReturnTheModeIsWhatItWas() {
    assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    first.database.goAway();
    try {
      assertThat(first.get(PATH).status()).isEqualTo(503);
      var answer = switchTo(STAGE);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("database-away");
      assertThat(answer.header("Retry-After")).isEqualTo("1");
    } finally {
      first.database.comeBack();
    }
    await().atMost(SOON).until(() -> first.get(PATH).status() == 200);
    assertThat(first.get(PATH).body().path("mode").asString()).isEqualTo(UNDERSTUDY);
    await().atMost(SOON).until(() -> second.get(PATH).status() == 200);
  }

  /**
   * Both stamps are taken under the lock: the change row's by who shares it, the mode's by who has
   * it alone. So the order of the stamps is the order of the facts.
   */
  @Test
  void underLoadOnTwoInstancesEveryChangeIsCarriedInTheModeThatWasInForce() {
    var customers = IntStream.range(0, 3).mapToObj(number -> first.customer("100")).toList();
    var end = new AtomicBoolean();
    for (var service : List.of(first, second)) { // the work takes a while, so that switches meet it
      for (var mode : List.of(service.mode, service.understudy)) {
        mode.behaviour =
            mode.commitsAfter(
                () ->
                    service
                        .bean(JdbcClient.class)
                        .sql("select pg_sleep(0.003)")
                        .query((row, number) -> "")
                        .single());
      }
    }
    var writers =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () ->
                            changesUntil(
                                end,
                                number % 2 == 0 ? first : second,
                                customers.get(number % 3),
                                number < 4),
                        THREADS))
            .toList();
    var statuses = new ArrayList<Integer>();
    for (int i = 0; i < 12; i++) {
      var switching = i % 2 == 0 ? first : second;
      statuses.add(switchTo(switching, i % 2 == 0 ? UNDERSTUDY : STAGE).status());
    }
    end.set(true);
    var answers = writers.stream().flatMap(writer -> writer.join().stream()).toList();

    // on a busy machine a change may lose its turn; it is asked to come again then
    assertThat(answers).as("answers to changes").allMatch(Set.of(200, 409, 503)::contains);
    assertThat(answers.stream().filter(status -> status == 200).count())
        .as("carried of %s", answers.size())
        .isGreaterThan(answers.size() * 9L / 10);
    assertThat(statuses).as("answers to switches").containsOnly(200);
    assertThat(answers).hasSizeGreaterThan(200);
    assertThat(carriedInAnotherMode()).isEmpty();
    assertThat(count("select count(distinct mode) from limit_change")).isEqualTo(2);
  }

  private static List<String> carriedInAnotherMode() {
    return sql()
        .sql(
            """
            select change_id || ' ' || mode || ' ' || recorded_at from limit_change l
             where state = 'applied' and mode <>
               (select to_mode from mode_change m where m.at <= l.recorded_at
                 order by mode_change_number desc limit 1)
            """)
        .query(String.class)
        .list();
  }

  private static List<Integer> changesUntil(
      AtomicBoolean end, Service service, String customer, boolean keyed) {
    var statuses = new ArrayList<Integer>();
    while (!end.get()) {
      var answer =
          keyed
              ? changed(service, customer, "Idempotency-Key", UUID.randomUUID().toString())
              : changed(service, customer);
      assertThat(answer.status() == 200 || answer.body().path("retryable").asBoolean())
          .as(answer.toString())
          .isTrue();
      statuses.add(answer.status());
    }
    return statuses;
  }

  private static void afterASwitchOfWhichTheSecondHasNotHeard() {
    assertThat(switchTo(UNDERSTUDY).status()).isEqualTo(200);
    assertThat(second.bean(ModeInForce.class).current().name()).isEqualTo(STAGE);
  }

  /** Something that has begun, and goes on when it is let. */
  private record UnderWay<T>(CompletableFuture<T> work, CountDownLatch go) {

    /** Returns what came of it. */
    T letGo() {
      go.countDown();
      return work.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  private static UnderWay<Answer> aChangeUnderWay(Service service, String customer) {
    return underWay(
        held -> {
          service.mode.behaviour = service.mode.commitsAfter(held);
          return changed(service, customer);
        });
  }

  /** It has done that, and not committed. */
  private static UnderWay<Void> aTransactionUnderWay(Runnable deed) {
    var transaction = new TransactionTemplate(first.bean(PlatformTransactionManager.class));
    return underWay(
        held -> {
          transaction.executeWithoutResult(
              status -> {
                deed.run();
                held.run();
              });
          return null;
        });
  }

  private static <T> UnderWay<T> underWay(Function<Runnable, T> work) {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Runnable held =
        () -> {
          begun.countDown();
          awaitIt(go);
        };
    var running = CompletableFuture.supplyAsync(() -> work.apply(held), THREADS);
    awaitIt(begun);
    return new UnderWay<>(running, go);
  }

  private static Answer switchTo(String mode) {
    return switchTo(first, mode);
  }

  private static Answer switchTo(Service service, String mode) {
    return service.internalPost(PATH, "{\"mode\":\"" + mode + "\",\"by\":\"a test\"}", TOKEN);
  }

  private static Answer changed(Service service, String customer, String... headers) {
    var all = new ArrayList<>(List.of("If-Match", "*"));
    all.addAll(List.of(headers));
    return service.put(
        customer + "/creditlimit", "{\"amount\":\"250\"}", all.toArray(String[]::new));
  }

  private static CreditLimitChange aChange(String customer, String limit) {
    return aChange(Kind.CHANGE, customer, limit);
  }

  private static CreditLimitChange aChange(Kind kind, String customer, String limit) {
    return new CreditLimitChange(
        ChangeId.random(),
        new CustomerId(idOf(customer)),
        kind,
        CreditLimit.of(limit),
        kind == Kind.CREATE ? "Ada" : null,
        null,
        Instant.parse("2026-11-22T10:00:00Z"));
  }

  private static String newCustomer() {
    return "/customers/" + UUID.randomUUID();
  }

  private static UUID idOf(String customer) {
    return UUID.fromString(customer.substring(customer.lastIndexOf('/') + 1));
  }

  private static void raiseVersion(String customer) {
    first
        .bean(JdbcClient.class)
        .sql("update customer set version = version + 1 where customer_id = ?")
        .param(idOf(customer))
        .update();
  }

  private static void lockRow(String customer) {
    first
        .bean(JdbcClient.class)
        .sql("select 1 from customer where customer_id = ? for update")
        .param(idOf(customer))
        .query(Integer.class)
        .single();
  }

  private static String modeInForce() {
    return sql().sql("select mode from consistency_mode").query(String.class).single();
  }

  private static List<String> modesOf(String customer) {
    return sql()
        .sql("select mode from limit_change where customer_id = ? order by change_number")
        .param(idOf(customer))
        .query(String.class)
        .list();
  }

  private static long confirmed() {
    return count("select last_value from confirmed where is_called");
  }

  private static boolean aSwitchWaits() {
    return switchesWhoseLockIs("not granted") > 0;
  }

  private static boolean aSwitchHasTheLock() {
    return switchesWhoseLockIs("granted") > 0;
  }

  private static long switchesWhoseLockIs(String state) {
    return count(
        "select count(*) from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and "
            + state);
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private static long count(String sql) {
    return sql().sql(sql).query(Long.class).single();
  }

  private static JdbcClient sql() {
    return first.database.sql();
  }
}
