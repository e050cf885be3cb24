package dev.tandem.bench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every check has been seen to fail: on a shop in order all promises hold, on each lie they do not.
 */
class ChecksOnLiesIT {
  private static final String AGREE = new SidesAgree().promise();
  private static final String WHOLE = new ChangesAreWhole().promise();
  private static final String KEPT = new AcknowledgedChangesStay().promise();
  private static final String NO_TRACE = new RefusedChangesLeaveNoTrace().promise();
  private static final String ONCE = new VersionsWithoutGap().promise();
  private static final String NOTHING_OPEN = new NothingIsLeftOpen().promise();
  private static final String AS_TOLD = new OrdersAreAsTold().promise();
  private static final String RULE = new CreditRule().promise();
  private static final String NOT_STALE = new NoStaleAccepts().promise();

  private static TwoServers servers;

  private MadeUpShop shop;
  private String ada;
  private String raised;
  private String refused;

  @BeforeAll
  static void startTheServer() throws Exception {
    servers = new TwoServers();
  }

  @AfterAll
  static void stopTheServer() throws Exception {
    servers.close();
  }

  /** Everything has happened once, and everything is in order. */
  @BeforeEach
  void openTheShop() throws Exception {
    servers.empty();
    shop = new MadeUpShop(servers, "xa");
    ada = shop.customer("100.00");
    shop.order(ada, "60.00");
    shop.cancel(ada, shop.order(ada, "30.00"));
    shop.order(ada, "50.00");
    refused = shop.refuse(ada, "10.00");
    raised = shop.change(ada, "200.00", 2);
    shop.order(ada, "130.00");
    shop.customer("5.00");
  }

  @Test
  void aShopInOrderKeepsEveryPromise() throws Exception {
    assertThat(wrong(verdicts(shop.material()))).isEmpty();
    assertThat(verdicts(shop.material())).allMatch(verdict -> verdict.looked() > 0);
  }

  /** Damage to one database, and the promises that it breaks. */
  record Damage(String name, String database, String sql, Set<String> breaks) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Damage> damages() {
    return Stream.of(
        copy(
            "a copy edited by hand",
            "update credit_account set credit_limit = credit_limit + 1",
            AGREE,
            ONCE,
            RULE),
        copy("a copy deleted", "delete from credit_account where exposure = 0", AGREE, RULE),
        owner("a customer deleted", "delete from customer where credit_limit = 5", AGREE),
        copy(
            "a change deleted at the copy",
            "delete from limit_change where version = 2",
            WHOLE,
            KEPT,
            ONCE,
            RULE),
        owner(
            "a change deleted at the owner",
            "delete from limit_change where version = 2",
            WHOLE,
            KEPT,
            ONCE),
        copy(
            "a duplicate applied at the copy",
            """
            insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version, sequence)
            select gen_random_uuid(), customer_id, kind, mode, state, credit_limit, version, 9
              from limit_change where version = 2;
            update credit_account set sequence = 9 where exposure > 0;
            update limit_change set sequence = 8 where version = 2 and sequence < 9;
            update orders set decided_sequence = 7 where total = 130
            """,
            WHOLE,
            NO_TRACE,
            ONCE,
            RULE),
        copy("an order deleted", "delete from orders where total = 60", AS_TOLD, RULE),
        copy(
            "an approved order above the limit",
            "update orders set total = 150 where total = 130; update credit_account set exposure = 210 where exposure > 0",
            RULE),
        copy(
            "a rejected order made approved",
            "update orders set state = 'APPROVED', rejection_reason = null where total = 50",
            AS_TOLD,
            RULE),
        copy(
            "a cancelled order open again",
            "update orders set state = 'APPROVED', cancelled_at = null where total = 30",
            AS_TOLD,
            RULE),
        owner(
            "a change without its end",
            """
            insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version, action, pending_since)
            select gen_random_uuid(), customer_id, 'change', 'lra', 'pending', 1, 3, 'a', now()
              from customer where version = 2
            """,
            NOTHING_OPEN),
        owner(
            "an answer that is owed",
            """
            insert into open_change select gen_random_uuid(), customer_id, 'change', 'lra', 1
              from customer where version = 2
            """,
            NOTHING_OPEN),
        copy(
            "a tentative limit that is left",
            "update credit_account set tentative_limit = 1, tentative_change = gen_random_uuid() where exposure > 0",
            NOTHING_OPEN,
            RULE),
        owner(
            "an anomaly",
            "insert into anomaly (change_id, mode, what) values (gen_random_uuid(), 'xa', 'a lie')",
            NOTHING_OPEN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void damageBreaksItsPromisesAndNoOther(Damage damage) throws Exception {
    servers.execute(damage.database(), damage.sql());

    assertThat(broken()).isEqualTo(damage.breaks());
  }

  @Test
  void damageToTheCustomersOfAnotherModeIsNotCharged() throws Exception {
    servers.execute(
        TwoServers.COPY,
        "update credit_account set credit_limit = credit_limit + 1, exposure = exposure + 1",
        "delete from limit_change where version = 2",
        "delete from orders where total = 60");
    var other = new MadeUpShop(servers, "lra");
    other.change(other.customer("7.00"), "8.00", 2);

    assertThat(wrong(verdicts(other.material()))).isEmpty();
    assertThat(broken()).contains(AGREE, WHOLE, KEPT, ONCE, AS_TOLD, RULE);
  }

  @ParameterizedTest
  @ValueSource(strings = {TwoServers.OWNER, TwoServers.COPY})
  void aPreparedBranchLeftBehindIsSeenAndChargedToXaAlone(String database) throws Exception {
    servers.execute(
        database,
        "begin",
        "create table t (x int)",
        "prepare transaction 'xa1:1:customer-service'");
    try {
      assertThat(broken()).isEqualTo(Set.of(NOTHING_OPEN));
      assertThat(brokenIn("event")).isEmpty();
    } finally {
      servers.execute(database, "rollback prepared 'xa1:1:customer-service'");
    }
    assertThat(broken()).isEmpty();
  }

  @Test
  void aForeignBranchIsChargedToEverybody() throws Exception {
    servers.execute(
        TwoServers.COPY, "begin", "create table t (x int)", "prepare transaction 'by hand'");
    try {
      assertThat(brokenIn("event")).isEqualTo(Set.of(NOTHING_OPEN));
    } finally {
      servers.execute(TwoServers.COPY, "rollback prepared 'by hand'");
    }
  }

  @Test
  void aDeadLetterIsSeen() throws Exception {
    var left = servers.databases(Map.of("event", List.of("a dead letter")));
    var material = Material.of("event", MadeUpShop.facts(), as("event"), left);

    assertThat(wrong(verdicts(material))).isEqualTo(Set.of(NOTHING_OPEN));
    assertThat(of(NOTHING_OPEN, verdicts(material)).first()).isEqualTo("a dead letter");
  }

  @Test
  void anEventThatIsStillOnItsWayIsSeen() throws Exception {
    var events = new MadeUpShop(servers, "event");
    var bob = events.customer("100.00");
    var change = events.changeOwner(bob, "90.00", 2);
    servers.execute(
        TwoServers.OWNER,
        """
        insert into outbox (change_id, customer_id, kind, credit_limit, version, requested_at)
        values ('%s', '%s', 'change', 90, 2, now())
        """
            .formatted(change, bob));
    events.tell(Operation.CHANGE_LIMIT, bob, "90.00", Ending.OK, 2, change, "");

    assertThat(wrong(verdicts(events.material())))
        .isEqualTo(Set.of(AGREE, WHOLE, KEPT, NOTHING_OPEN));
    assertThat(of(NOTHING_OPEN, verdicts(events.material())).first())
        .isEqualTo(change + " is on its way to orders");

    events.changeCopy(change, bob, "90.00", 2);
    assertThat(wrong(verdicts(events.material()))).isEmpty();
  }

  @Test
  void theWorstIsTheCustomerWhoseSidesAreFurthestApart() throws Exception {
    var ids = threeCustomers();
    copyIsAheadBy(ids, "1", "40", "2");
    assertThat(of(AGREE, verdicts(shop.material())).first()).startsWith(ids.get(0));
    assertThat(of(AGREE, verdicts(shop.material())).worst())
        .isEqualTo(ids.get(1) + ": owner 100.00 v1, copy 140.00 v1");

    servers.execute(
        TwoServers.COPY,
        "delete from credit_account where customer_id = '%s'".formatted(ids.get(2)));
    assertThat(of(AGREE, verdicts(shop.material())).worst())
        .as("a limit that is not there at all")
        .startsWith(ids.get(2));
  }

  @Test
  void theWorstGapIsTheOneOfMostVersions() throws Exception {
    var ids = threeCustomers();
    for (int i = 0; i < ids.size(); i++) {
      var version = List.of(3, 9, 4).get(i);
      servers.execute(
          TwoServers.OWNER,
          "update customer set version = %d where customer_id = '%s'"
              .formatted(version, ids.get(i)));
    }
    assertThat(of(ONCE, verdicts(shop.material())).wrong()).isEqualTo(3);
    assertThat(of(ONCE, verdicts(shop.material())).worst()).startsWith(ids.get(1) + " v9 ");
  }

  @Test
  void theWorstOrderIsTheOneFurthestAboveItsLimit() throws Exception {
    var ids = threeCustomers();
    for (int i = 0; i < ids.size(); i++) {
      shop.order(ids.get(i), "90.00");
      var total = List.of(101, 105, 103).get(i);
      servers.execute(
          TwoServers.COPY,
          """
          update orders set total = %1$d where customer_id = '%2$s';
          update credit_account set exposure = %1$d where customer_id = '%2$s'
          """
              .formatted(total, ids.get(i)));
    }
    assertThat(of(RULE, verdicts(shop.material())).wrong()).isEqualTo(3);
    assertThat(of(RULE, verdicts(shop.material())).worst()).startsWith(ids.get(1));
  }

  @Test
  void theWorstOrderMayComeAfterTheFirstOneOfItsCustomer() throws Exception {
    shop.order(ada, "1.00");
    servers.execute(
        TwoServers.COPY,
        """
        update orders set total = 150 where total = 130;
        update orders set total = 30 where total = 1;
        update credit_account set exposure = 240 where exposure > 0;
        update orders set state = 'APPROVED', rejection_reason = null where total = 30 and state = 'REJECTED'
        """);
    var rule = of(RULE, verdicts(shop.material()));
    assertThat(rule.wrong()).as("one customer").isEqualTo(1);
    assertThat(rule.first()).contains("APPROVED 150.00");
    assertThat(rule.worst()).contains("APPROVED 30.00");
  }

  @Test
  void whatHasNoMeasureHasNoWorst() throws Exception {
    servers.execute(TwoServers.COPY, "update orders set decided_sequence = 99 where total = 60");
    servers.execute(TwoServers.COPY, "delete from limit_change where version = 2");

    assertThat(of(RULE, verdicts(shop.material())).worst()).isEmpty();
    assertThat(of(WHOLE, verdicts(shop.material())).worst()).isEmpty();
  }

  /** In the order in which checks look at them. */
  private List<String> threeCustomers() throws SQLException {
    return Stream.of(shop.customer("100.00"), shop.customer("100.00"), shop.customer("100.00"))
        .sorted()
        .toList();
  }

  private static void copyIsAheadBy(List<String> customers, String... amounts) throws SQLException {
    for (int i = 0; i < amounts.length; i++) {
      servers.execute(
          TwoServers.COPY,
          "update credit_account set credit_limit = credit_limit + %s where customer_id = '%s'"
              .formatted(amounts[i], customers.get(i)));
    }
  }

  @Test
  void anAcknowledgedChangeThatIsLostOnBothSidesIsSeen() throws Exception {
    servers.execute(
        TwoServers.OWNER,
        "delete from limit_change where version = 2; update customer set version = 1, credit_limit = 100 where version = 2");
    servers.execute(
        TwoServers.COPY,
        "delete from limit_change where version = 2; update credit_account set limit_version = 1, credit_limit = 100 where limit_version = 2");

    assertThat(broken()).contains(KEPT).doesNotContain(AGREE, WHOLE, ONCE, NO_TRACE);
    assertThat(of(KEPT, verdicts(shop.material())).first()).contains(raised);
  }

  @Test
  void anAcknowledgedChangeOfAnotherAmountIsSeen() throws Exception {
    for (var database : List.of(TwoServers.OWNER, TwoServers.COPY)) {
      servers.execute(database, "update limit_change set credit_limit = 199 where version = 2");
    }
    assertThat(broken()).contains(KEPT);
  }

  @Test
  void aRefusedChangeThatTookPlaceIsSeenByItsId() throws Exception {
    var change = shop.changeOwner(ada, "10.00", 3);
    shop.changeCopy(change, ada, "10.00", 3);
    for (var database : List.of(TwoServers.OWNER, TwoServers.COPY)) {
      servers.execute(
          database,
          "update limit_change set change_id = '%s' where change_id = '%s'"
              .formatted(refused, change));
    }

    assertThat(broken()).isEqualTo(Set.of(NO_TRACE));
    assertThat(of(NO_TRACE, verdicts(shop.material())).wrong()).isEqualTo(1);
  }

  @Test
  void aRefusedChangeThatTookPlaceUnderAnIdThatNobodyWasToldIsSeen() throws Exception {
    shop.tell(Operation.CHANGE_LIMIT, ada, "10.00", Ending.FAILED, 0, "", "");
    var change = shop.changeOwner(ada, "10.00", 3);
    shop.changeCopy(change, ada, "10.00", 3);

    assertThat(broken()).isEqualTo(Set.of(NO_TRACE));
  }

  @Test
  void aChangeWithoutAnAnswerMayHaveTakenPlaceOnce() throws Exception {
    shop.tell(Operation.CHANGE_LIMIT, ada, "10.00", Ending.UNKNOWN, 0, "", "");
    assertThat(broken()).isEmpty();

    shop.changeCopy(shop.changeOwner(ada, "10.00", 3), ada, "10.00", 3);
    assertThat(broken()).isEmpty();

    shop.changeCopy(shop.changeOwner(ada, "10.00", 4), ada, "10.00", 4);
    assertThat(broken()).isEqualTo(Set.of(NO_TRACE));
  }

  @Test
  void anOrderThatNobodyPlacedIsSeen() throws Exception {
    shop.order(ada, "1.00");
    shop.calls.remove(shop.calls.size() - 1);
    assertThat(broken()).isEqualTo(Set.of(AS_TOLD));

    shop.tell(Operation.PLACE_ORDER, ada, "1.00", Ending.UNKNOWN, 0, "", "");
    assertThat(broken()).isEmpty();
  }

  @Test
  void aDefiniteStaleAcceptIsSeenWithItsExcess() throws Exception {
    var lowered = shop.changeOwner(ada, "190.00", 3);
    shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    shop.order(ada, "10.00");
    shop.changeCopy(lowered, ada, "190.00", 3);

    assertThat(broken()).isEqualTo(Set.of(NOT_STALE));
    var stale = StaleAccepts.of(shop.material());
    assertThat(stale.definite()).isEqualTo(1);
    assertThat(stale.excess().max()).isEqualTo(10);
    assertThat(stale.behindMillis().max()).isEqualTo(1e-6); // from the answer to the next call
    assertThat(of(NOT_STALE, verdicts(shop.material())).worst()).contains("10.00 above");
    assertThat(brokenIn("event")).as("event does not promise it").isEmpty();
  }

  @Test
  void aStaleAcceptThatOnlyOverlapsIsNotDefinite() throws Exception {
    var lowered = shop.changeOwner(ada, "190.00", 3);
    shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    long answered = shop.now() - 1;
    shop.order(ada, "10.00");
    shop.lastWas(answered - 1, shop.now(), Ending.OK);
    shop.changeCopy(lowered, ada, "190.00", 3);

    assertThat(broken()).isEmpty();
    var stale = StaleAccepts.of(shop.material());
    assertThat(stale.definite()).isZero();
    assertThat(stale.possible()).isEqualTo(1);
    assertThat(stale.possibleExcess().max()).isEqualTo(10);
  }

  @Test
  void sidesThatWereSeenToDifferAreMeasuredFromReads() throws Exception {
    shop.tell(Operation.READ_CUSTOMER, ada, "", Ending.OK, 2, "", "");
    var lowered = shop.changeOwner(ada, "190.00", 3);
    shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    shop.tell(Operation.READ_CREDIT, ada, "", Ending.OK, 2, "", "");
    shop.changeCopy(lowered, ada, "190.00", 3);
    shop.tell(Operation.READ_CREDIT, ada, "", Ending.OK, 3, "", "");

    var difference = Difference.of(shop.material());
    assertThat(difference.changes()).isEqualTo(2);
    assertThat(difference.seenDiffering()).isEqualTo(1);
    assertThat(difference.atLeastMillis().max()).isEqualTo(1e-6);
    assertThat(difference.firstSeenMillis().max()).isEqualTo(20e-6);
    assertThat(difference.notSeenAgain()).isZero();
  }

  /** They leave too long a time between two looks: all of it would count as a difference. */
  @ParameterizedTest
  @CsvSource({"1, prepare", "1, closed-8", "1, after", "2, healthy"})
  void aReadOfAnotherTurnDoesNotShowADifference(int round, String window) throws Exception {
    var lowered = shop.changeOwner(ada, "190.00", 3);
    shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    shop.inWindow(round, window, shop.tell(Operation.READ_CREDIT, ada, "", Ending.OK, 2, "", ""));
    shop.changeCopy(lowered, ada, "190.00", 3);
    shop.tell(Operation.READ_CREDIT, ada, "", Ending.OK, 3, "", "");

    assertThat(Difference.of(shop.material()).seenDiffering()).isZero();
  }

  @Test
  void aLockLastsFromTheRowToTheCommitOfItsPreparedTransaction() throws Exception {
    var lowered = UUID.randomUUID().toString();
    servers.execute(
        TwoServers.OWNER,
        "begin",
        """
        insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version,
                                  requested_at)
        values ('%s', '%s', 'change', 'xa', 'applied', 190, 3, now())
        """
            .formatted(lowered, ada),
        "prepare transaction 'xa1:1:in-time'",
        "select pg_sleep(0.2)",
        "commit prepared 'xa1:1:in-time'");
    var change = shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    assertThat(LockTime.of(shop.material()).millis().count()).as("not alone").isZero();

    shop.inWindow(1, LockTime.ALONE, change);

    var alone = LockTime.of(shop.material()).millis();
    assertThat(alone.count()).isEqualTo(1);
    assertThat(alone.p50()).isBetween(200.0, 20_000.0);
  }

  @Test
  void anActionBarsItsCustomerFromTheReservationToItsEnd() throws Exception {
    var lowered = shop.changeOwner(ada, "190.00", 3);
    servers.execute(
        TwoServers.OWNER,
        "update limit_change set pending_since = recorded_at - interval '7 s' where version = 3");
    var change = shop.tell(Operation.CHANGE_LIMIT, ada, "190.00", Ending.OK, 3, lowered, "");
    shop.inWindow(1, LockTime.ALONE, change);

    assertThat(LockTime.of(shop.material()).millis().p50()).isBetween(7_000.0, 27_000.0);
  }

  @Test
  void besteffortPromisesNothingAndIsCaughtAsTheLiar() throws Exception {
    var lying = new MadeUpShop(servers, "besteffort");
    lying.customer("100.00");
    var bob = lying.customer("100.00");
    lying.inTheControl(lying.tell(Operation.CHANGE_LIMIT, bob, "100.00", Ending.FAILED, 0, "", ""));

    var neverHit = Verdicts.of(MadeUpShop.facts(), lying.calls, servers.databases());
    assertThat(neverHit.blind()).isTrue();
    assertThat(neverHit.negativeControl().inWords()).contains("never hit");
    var honest = Verdicts.of(MadeUpShop.withControl(), lying.calls, servers.databases());
    assertThat(honest.blind()).isTrue();
    assertThat(honest.negativeControl().inWords()).contains("did not see it");

    lying.changeOwner(bob, "50.00", 2);
    lying.inTheControl(lying.tell(Operation.CHANGE_LIMIT, bob, "50.00", Ending.FAILED, 0, "", ""));
    var caught = Verdicts.of(MadeUpShop.withControl(), lying.calls, servers.databases());
    assertThat(caught.blind()).isFalse();
    assertThat(caught.broken()).as("it promised nothing").isFalse();
    assertThat(caught.negativeControl().by()).contains(bob);
    assertThat(caught.modes().get(0).verdicts())
        .allMatch(verdict -> verdict.standing() == Standing.NOT_PROMISED);
  }

  @Test
  void whatTheNegativeControlBreaksOnPurposeIsNotChargedToTheMode() throws Exception {
    var floor = new MadeUpShop(servers, "besteffort");
    floor.order(floor.customer("100.00"), "1.00");
    var victim = floor.customer("100.00");
    floor.changeOwner(victim, "50.00", 2);
    var change = floor.tell(Operation.CHANGE_LIMIT, victim, "50.00", Ending.UNKNOWN, 0, "", "");
    floor.inTheControl(change);

    var verdicts = Verdicts.of(MadeUpShop.withControl(), floor.calls, servers.databases());

    assertThat(verdicts.negativeControl().caught()).isTrue();
    assertThat(wrong(verdicts.modes().get(0).verdicts())).isEmpty();
    assertThat(verdicts.modes().get(0).customers()).isEqualTo(1);
  }

  @Test
  void aModeOfWhichNoPromiseIsWrittenDownIsRefused() {
    var material = Material.of("hope", MadeUpShop.facts(), as("hope"), servers.databases());
    assertThatThrownBy(() -> ModeVerdicts.of(material))
        .hasMessageContaining("hope")
        .hasMessageContaining("[besteffort, event, lra, xa]");
  }

  @Test
  void verdictsAreReadBackAsTheyWereWritten(@TempDir Path folder) throws Exception {
    var verdicts = Verdicts.of(MadeUpShop.facts(), shop.calls, servers.databases());
    Verdicts.FILE.write(folder, verdicts);

    assertThat(Verdicts.FILE.read(folder)).isEqualTo(verdicts);
    assertThat(verdicts.broken()).isFalse();
  }

  private Set<String> broken() throws SQLException {
    return brokenIn("xa");
  }

  private Set<String> brokenIn(String mode) throws SQLException {
    return verdicts(Material.of(mode, MadeUpShop.facts(), as(mode), servers.databases())).stream()
        .filter(verdict -> verdict.standing() == Standing.BROKEN)
        .map(Verdict::promise)
        .collect(Collectors.toSet());
  }

  private List<Call> as(String mode) {
    return shop.calls.stream()
        .map(
            call ->
                Calls.call(
                    mode,
                    call.operation(),
                    call.customer(),
                    call.amount(),
                    call.started(),
                    call.ended(),
                    call.ending(),
                    call.version(),
                    call.changeId(),
                    call.orderId()))
        .toList();
  }

  private static List<Verdict> verdicts(Material material) throws SQLException {
    return ModeVerdicts.of(material).verdicts();
  }

  private static Set<String> wrong(List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.wrong() > 0)
        .map(Verdict::promise)
        .collect(Collectors.toSet());
  }

  private static Verdict of(String promise, List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(each -> each.promise().equals(promise))
        .findFirst()
        .orElseThrow();
  }

  private static Damage owner(String name, String sql, String... breaks) {
    return new Damage(name, TwoServers.OWNER, sql, Set.of(breaks));
  }

  private static Damage copy(String name, String sql, String... breaks) {
    return new Damage(name, TwoServers.COPY, sql, Set.of(breaks));
  }
}
