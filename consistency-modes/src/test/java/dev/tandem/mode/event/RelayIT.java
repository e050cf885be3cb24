package dev.tandem.mode.event;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.TestApp;
import dev.tandem.mode.TestDatabases;
import dev.tandem.mode.TestOwner;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The way of the rows from a real database to a real broker, with what can go wrong on it. */
class RelayIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Lanes LANES = new Lanes(8);

  private final JdbcClient sql = TestDatabases.asAdmin(Databases.CUSTOMER);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CustomerId customer = CustomerId.random();

  private TestBroker broker;
  private Received received;
  private TestApp owner;

  @BeforeEach
  void start() {
    sql.sql("delete from outbox").update();
    broker = opened(new TestBroker());
    received = opened(new Received(broker));
    owner = opened(owner(Map.of()));
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private TestApp owner(Map<String, Object> more) {
    var settings = new TreeMap<>(broker.settings());
    settings.putAll(more);
    return new TestApp(TestApp.OwnerSide.class, Databases.CUSTOMER, settings);
  }

  @Test
  void whatIsCommittedIsPublishedAndThenForgotten() {
    create(owner, customer);
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L)::equals);
    awaitEmptyOutbox();
    var message = received.changesOf(customer).get(0);
    assertThat(message.limit().kind()).isEqualTo(Kind.CREATE);
    assertThat(message.limit().limit()).isEqualTo(CreditLimit.of("5.00"));
    assertThat(message.limit().mode()).isEqualTo("event");
    assertThat(message.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    assertThat(Duration.between(message.committedAt(), Instant.now())).isLessThan(SOON);
  }

  @Test
  void rowsAreReadInTheOrderOfTheirNumbersWhereverTheyLie() {
    owner.close();
    for (var number : List.of(3, 1, 2)) {
      insert(number, number);
    }
    try (var session = new OutboxSession(database())) {
      assertThat(session.next(2)).extracting(OutboxSession.Row::number).containsExactly(1L, 2L);
      session.delete(session.next(1));
      assertThat(session.next(9)).extracting(OutboxSession.Row::number).containsExactly(2L, 3L);
    }
  }

  @Test
  void onlyWhatWasReadIsDeleted() {
    owner.close();
    insert(7, 7);
    try (var session = new OutboxSession(database())) {
      var read = session.next(9);
      insert(4, 4); // becomes visible in between, with a smaller number
      session.delete(read);
      assertThat(session.next(9)).extracting(OutboxSession.Row::number).containsExactly(4L);
    }
  }

  @Test
  void aCommitWakesTheRelay() {
    owner.close();
    owner = opened(owner(Map.of("tandem.event.poll", "1h", "tandem.event.heartbeat", "1h")));
    awaitLead(owner);
    create(owner, customer);
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L)::equals);
  }

  @Test
  void whatOtherInstancesHaveCommittedIsFoundByLooking() {
    awaitLead(owner);
    insert(9_000_000_000L, 7);
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(7L)::equals);
  }

  @Test
  void aChangeWhoseRowCannotBeWrittenIsNoChange() {
    create(owner, customer);
    sql.sql("revoke insert on outbox from customer_service").update();
    try {
      assertThatThrownBy(() -> change(owner, customer)).isInstanceOf(DataAccessException.class);
    } finally {
      sql.sql("grant insert on outbox to customer_service").update();
    }
    assertThat(versionOf(customer)).isEqualTo(1);
    assertThat(
            sql.sql("select count(*) from limit_change where customer_id = ?")
                .param(customer.value())
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void aChangeThatFailsHasNoRow() {
    create(owner, customer);
    awaitEmptyOutbox();
    owner
        .bean(TestOwner.class)
        .afterwards(
            () -> {
              throw new IllegalStateException("so the test");
            });
    assertThatThrownBy(() -> change(owner, customer)).hasMessage("so the test");
    owner.bean(TestOwner.class).undisturbed();
    change(owner, customer);
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L, 2L)::equals);
  }

  @Test
  void aRowThatBecomesVisibleLateIsPublishedAlthoughItsNumberIsSmaller() throws Exception {
    try (var open = asService()) {
      insert(open, 1);
      create(owner, customer);
      await().atMost(SOON).until(() -> !received.versionsOf(customer).isEmpty());
      awaitDepth(0);
      open.commit();
    }
    await().atMost(SOON).until(() -> received.versionsOf(customer).size(), count -> count == 2);
    awaitEmptyOutbox();
  }

  @Test
  void manyWritersOfTheSameCustomersAreHeardInTheOrderOfTheVersions() throws Exception {
    var customers = Stream.generate(CustomerId::random).limit(4).toList();
    customers.forEach(one -> create(owner, one));
    write(customers, List.of(owner), 8, 25);
    assertEachVersionOnce(customers, 51);
    assertThat(received.liedAbout()).isEmpty();
    assertThat(received.stamps()).isNotEmpty();
  }

  @Test
  void ofTwoRelaysOneWorks() throws Exception {
    awaitLead(owner);
    var other = opened(owner(Map.of()));
    var customers = Stream.generate(CustomerId::random).limit(4).toList();
    customers.forEach(one -> create(owner, one));
    write(customers, List.of(owner, other), 8, 25);
    assertEachVersionOnce(customers, 51);
    assertThat(relay(owner).isLeading()).isTrue();
    assertThat(relay(other).isLeading()).isFalse();
    assertThat(relay(other).published()).isZero();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(other.get("/internal/event/outbox").body())
                    .contains("\"relay\":\"elsewhere\"", "\"broker\":\"up\""));
    assertThat(owner.get("/internal/event/outbox").body())
        .contains("\"depth\":0", "\"oldestUnpublishedMillis\":0", "\"relay\":\"here\"");
  }

  @Test
  void theOtherRelayTakesOverWhenTheFirstOneEnds() {
    awaitLead(owner);
    var other = opened(owner(Map.of()));
    owner.close();
    awaitLead(other);
    create(other, customer);
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L)::equals);
  }

  @Test
  void aCutConnectionIsTakenOverWhileChangesGoOn() throws Exception {
    awaitLead(owner);
    var other = opened(owner(Map.of()));
    var customers = Stream.generate(CustomerId::random).limit(4).toList();
    customers.forEach(one -> create(owner, one));
    try (var threads = new Cutter(this::cutTheRelay)) {
      write(customers, List.of(owner, other), 8, 50);
      assertThat(threads.cuts).isPositive();
    }
    await().atMost(SOON).untilAsserted(() -> customers.forEach(one -> assertAllCame(one, 101)));
    awaitEmptyOutbox();
    assertThat(received.liedAbout()).isEmpty();
    assertThat(Stream.of(owner, other).filter(one -> relay(one).isLeading()).count())
        .isLessThanOrEqualTo(1);
  }

  @Test
  void whatWasSentAndNotForgottenIsSentAgainInTheSameOrder() throws Exception {
    broker.goAway();
    create(owner, customer);
    change(owner, customer);
    change(owner, customer);
    try (var lock = TestDatabases.open(Databases.CUSTOMER);
        var statement = lock.createStatement()) {
      statement.execute("select from outbox for update");
      broker.comeBack();
      await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L, 2L, 3L)::equals);
      assertThat(depth()).isEqualTo(3);
      await().atMost(SOON).until(this::cutTheRelay);
    }
    await()
        .atMost(SOON)
        .until(() -> received.versionsOf(customer), List.of(1L, 2L, 3L, 1L, 2L, 3L)::equals);
    awaitEmptyOutbox();
  }

  @Test
  void aBrokerThatIsAwayRefusesNothingAndGetsItAllLater() throws Exception {
    awaitLead(owner);
    broker.goAway();
    var customers = Stream.generate(CustomerId::random).limit(4).toList();
    customers.forEach(one -> create(owner, one));
    write(customers, List.of(owner), 4, 20);
    await()
        .atMost(SOON)
        .until(
            () -> owner.get("/internal/event/outbox").body(),
            body -> body.contains("\"broker\":\"away\"") && body.contains("\"relay\":\"nowhere\""));
    assertThat(depth()).isEqualTo(84);
    broker.comeBack();
    assertEachVersionOnce(customers, 21);
    assertThat(received.liedAbout()).isEmpty();
  }

  @Test
  void whatTheBrokerHasAcknowledgedOutlivesItsEndAlsoAfterHeartbeats() throws Exception {
    await().atMost(SOON).until(() -> !received.stamps().isEmpty());
    received.close(); // what nobody has consumed is the broker's to keep
    create(owner, customer);
    change(owner, customer);
    awaitEmptyOutbox();
    broker.goAway();
    broker.comeBack();
    received = opened(new Received(broker));
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L, 2L)::equals);
  }

  @Test
  void aBrokerThatIsNotThereAtTheStartIsFoundWhenItComes() {
    owner.close();
    broker.goAway();
    owner = opened(owner(Map.of()));
    create(owner, customer);
    broker.comeBack();
    await().atMost(SOON).until(() -> received.versionsOf(customer), List.of(1L)::equals);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 500})
  void aLaneThatIsFullWaitsAloneAndTheOthersGoOn(int batch) throws Exception {
    int lane = LANES.of(customer);
    var other =
        Stream.generate(CustomerId::random)
            .filter(one -> LANES.of(one) != lane)
            .findAny()
            .orElseThrow();
    fill(lane, Map.of("tandem.event.batch", batch));
    long waiting = depth();
    assertThat(waiting).as("more than the small batch").isGreaterThan(10);

    for (int i = 0; i < 30; i++) {
      carryOut(owner, other, i == 0 ? Kind.CREATE : Kind.CHANGE);
    }
    await()
        .atMost(SOON)
        .until(
            () -> received.versionsOf(other),
            versions -> versions.size() == 30 && versions.equals(versions(other)));
    var now = Instant.now();
    for (int open : LANES.all().filter(one -> one != lane).toArray()) {
      await().atMost(SOON).until(() -> received.stampOf(open).isAfter(now));
    }
    assertThat(depth()).as("none of them was taken, none was lost").isEqualTo(waiting);
    // the other queues are as small: one may have been full for a moment, and is tried with less
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(owner.get("/internal/event/outbox").body())
                    .contains("\"broker\":\"up\"", "\"fullLanes\":[" + lane + "]"));
    assertThat(received.liedAbout()).isEmpty();

    var late = opened(new Received(broker));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(late.versionsOf(customer)).isEqualTo(versions(customer)));
    awaitEmptyOutbox();
    await().atMost(SOON).until(() -> late.stampOf(lane).isAfter(now));
    await().atMost(SOON).until(() -> relay(owner).fullLanes().isEmpty());
    assertThat(late.liedAbout()).isEmpty();
  }

  @Test
  void whatBelongsToAFullLaneIsNotReadAllTheTime() throws Exception {
    fill(LANES.of(customer), Map.of());
    sql.sql(
            """
            insert into outbox (change_id, customer_id, kind, credit_limit, version, requested_at)
            select gen_random_uuid(), ?, 'change', 5, n, clock_timestamp()
              from generate_series(1000, 10000) n
            """)
        .param(customer.value())
        .update();
    await().atMost(SOON).until(() -> fullFor(Duration.ofSeconds(1)));
    long before = rowsRead();
    await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
    assertThat(rowsRead() - before).isLessThan(20 * 500L);
  }

  /** Fills the lane of the customer, while the others are emptied. */
  private void fill(int lane, Map<String, Object> settings) throws Exception {
    owner.close();
    received.close();
    broker = opened(new TestBroker(20_000));
    received = opened(new Received(broker, Set.of(lane)));
    owner = opened(owner(settings));
    create(owner, customer);
    for (int i = 1; i < 100; i++) {
      change(owner, customer);
    }
    await().atMost(SOON).until(() -> relay(owner).fullLanes(), List.of(lane)::equals);
    await().atMost(SOON).until(() -> fullFor(Duration.ofSeconds(1)));
  }

  /** Whether nothing has been published for so long. */
  private boolean fullFor(Duration time) {
    long published = relay(owner).published();
    await().pollDelay(time).until(() -> true);
    return relay(owner).published() == published;
  }

  /** From the outbox, by anybody; what was read in the last second may be missing. */
  private long rowsRead() {
    return sql.sql(
            """
            select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = 'outbox'
            """)
        .query(Long.class)
        .single();
  }

  @Test
  void theDatabaseAndTheServicesFindTheSameLaneForACustomer() {
    owner.close();
    for (int i = 0; i < 200; i++) {
      var one = CustomerId.random();
      int slot =
          sql.sql(
                  """
                  insert into outbox
                         (change_id, customer_id, kind, credit_limit, version, requested_at)
                  values (gen_random_uuid(), ?, 'create', 5, 1, clock_timestamp()) returning slot
                  """)
              .param(one.value())
              .query(Integer.class)
              .single();
      assertThat(slot).as(one.toString()).isEqualTo(Lanes.slotOf(one));
    }
  }

  @Test
  void moreThanABatchIsPublishedInOrderAndStampedOnlyAtTheEnd() {
    owner.close();
    broker.goAway();
    owner = opened(owner(Map.of("tandem.event.batch", 5, "tandem.event.heartbeat", "1ms")));
    create(owner, customer);
    for (int i = 1; i < 43; i++) {
      change(owner, customer);
    }
    broker.comeBack();
    await().atMost(SOON).untilAsserted(() -> assertAllCame(customer, 43));
    assertThat(received.liedAbout()).isEmpty();
    await().atMost(SOON).until(() -> !received.stamps().isEmpty());
  }

  /**
   * A stamp between its beginning and its first row is later than the one and earlier than the
   * other, as it may be. So each lane is asked from where it has heard of the beginning.
   */
  @Test
  void aTransactionThatIsOpenHoldsTheStampBack() throws Exception {
    Instant begun;
    try (var open = asService()) {
      insert(open, 1);
      begun = begun(open);
      awaitInEachLane(begun, stamps -> stamps.size() > 20);
      assertThat(LANES.all())
          .allSatisfy(
              lane -> assertThat(stampsFrom(begun, lane)).noneMatch(stamp -> stamp.isAfter(begun)));
      open.commit();
    }
    awaitInEachLane(begun, stamps -> stamps.stream().anyMatch(stamp -> stamp.isAfter(begun)));
    assertThat(received.versionsOf(customer)).containsExactly(1L);
    assertThat(received.liedAbout()).isEmpty();
  }

  private void awaitInEachLane(Instant first, Predicate<List<Instant>> heard) {
    LANES.all().forEach(lane -> await().atMost(SOON).until(() -> stampsFrom(first, lane), heard));
  }

  /** What the lane was told from the first time on that it was told this. */
  private List<Instant> stampsFrom(Instant first, int lane) {
    return received.stampsOf(lane).stream().dropWhile(stamp -> !stamp.equals(first)).toList();
  }

  @Test
  void everyLaneHearsTheSameStamp() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        received.all().stream()
                            .filter(one -> one.heartbeat() != null)
                            .map(one -> one.lane())
                            .distinct())
                    .hasSize(8));
    assertThat(received.all())
        .filteredOn(one -> one.heartbeat() != null)
        .allMatch(one -> one.heartbeat().lane() == one.lane() && one.heartbeat().lanes() == 8);
  }

  private static DataSourceProperties database() {
    var database = new DataSourceProperties();
    database.setUrl(TestDatabases.url(Databases.CUSTOMER));
    database.setUsername(Databases.CUSTOMER.runtime());
    database.setPassword(TestDatabases.password());
    return database;
  }

  private static java.sql.Connection asService() throws SQLException {
    var connection =
        DriverManager.getConnection(
            TestDatabases.url(Databases.CUSTOMER),
            Databases.CUSTOMER.runtime(),
            TestDatabases.password());
    connection.setAutoCommit(false);
    return connection;
  }

  private void insert(java.sql.Connection connection, long version) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            insert into outbox (change_id, customer_id, kind, credit_limit, version, requested_at)
            values (gen_random_uuid(), ?, 'create', 5, ?, clock_timestamp())
            """)) {
      insert.setObject(1, customer.value());
      insert.setLong(2, version);
      insert.executeUpdate();
    }
  }

  private void insert(long number, long version) {
    sql.sql(
            """
            insert into outbox (outbox_number, change_id, customer_id, kind, credit_limit, version,
                                requested_at)
            overriding system value
            values (?, gen_random_uuid(), ?, 'change', 5, ?, clock_timestamp())
            """)
        .params(number, customer.value(), version)
        .update();
  }

  private static Instant begun(java.sql.Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("select now()")) {
      result.next();
      return result.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private static Relay relay(TestApp app) {
    return app.bean(Relay.class);
  }

  private void awaitLead(TestApp app) {
    await().atMost(SOON).until(() -> relay(app).isLeading());
  }

  /** Whether there was a session to cut. */
  private boolean cutTheRelay() {
    return sql.sql(
                """
                select count(pg_terminate_backend(pid)) from pg_locks
                where locktype = 'advisory' and classid = ? and objid = ? and granted
                """)
            .params(OutboxSession.LOCK_CLASS, OutboxSession.LOCK)
            .query(Long.class)
            .single()
        > 0;
  }

  private long depth() {
    return sql.sql("select count(*) from outbox").query(Long.class).single();
  }

  private void awaitDepth(long depth) {
    await().atMost(SOON).until(this::depth, now -> now == depth);
  }

  private void awaitEmptyOutbox() {
    awaitDepth(0);
  }

  private static void create(TestApp app, CustomerId customer) {
    carryOut(app, customer, Kind.CREATE);
  }

  private static void change(TestApp app, CustomerId customer) {
    carryOut(app, customer, Kind.CHANGE);
  }

  private static void carryOut(TestApp app, CustomerId customer, Kind kind) {
    var change =
        new CreditLimitChange(
            ChangeId.random(), customer, kind, CreditLimit.of("5.00"), "A", null, Instant.now());
    var outcome = app.bean(ConsistencyMode.class).carryOut(change);
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
    assertThat(((Outcome.Applied) outcome).everywhere()).isFalse();
  }

  /** Each writer changes every customer so often, beginning with another one, through all apps. */
  private static void write(
      List<CustomerId> customers, List<TestApp> apps, int writers, int changes) throws Exception {
    var pool = Executors.newFixedThreadPool(writers);
    try {
      var work =
          IntStream.range(0, writers)
              .<Callable<Void>>mapToObj(
                  writer ->
                      () -> {
                        for (int i = 0; i < changes; i++) {
                          change(
                              apps.get((writer + i) % apps.size()),
                              customers.get((writer / 2 + i) % customers.size()));
                        }
                        return null;
                      })
              .toList();
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private void assertEachVersionOnce(List<CustomerId> customers, int versions) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        customers.stream().mapToInt(one -> received.versionsOf(one).size()).sum())
                    .isGreaterThanOrEqualTo(total(customers)));
    awaitEmptyOutbox();
    for (var one : customers) {
      assertThat(received.versionsOf(one)).as(one.toString()).isEqualTo(versions(one));
    }
    assertThat(total(customers)).isEqualTo((long) versions * customers.size());
  }

  private List<Long> versions(CustomerId one) {
    return LongStream.rangeClosed(1, versionOf(one)).boxed().toList();
  }

  private int total(List<CustomerId> customers) {
    return customers.stream().mapToInt(one -> (int) versionOf(one)).sum();
  }

  private long versionOf(CustomerId one) {
    return sql.sql("select version from customer where customer_id = ?")
        .param(one.value())
        .query(Long.class)
        .single();
  }

  /** All versions came, and for the first time each in its order. */
  private void assertAllCame(CustomerId one, int atLeast) {
    assertThat(received.versionsOf(one).stream().distinct().toList())
        .as(received.versionsOf(one).stream().map(String::valueOf).collect(joining(" ")))
        .isEqualTo(versions(one));
    assertThat(versionOf(one)).isLessThanOrEqualTo(atLeast * 2L);
  }

  /** Cuts something again and again until it is closed. */
  private static final class Cutter implements AutoCloseable {

    private final Thread thread;
    private volatile boolean running = true;
    volatile int cuts;

    Cutter(Callable<Boolean> cut) {
      thread =
          new Thread(
              () -> {
                while (running) {
                  await().pollDelay(Duration.ofMillis(150)).until(() -> true);
                  try {
                    cuts += cut.call() ? 1 : 0;
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                }
              });
      thread.start();
    }

    @Override
    public void close() throws InterruptedException {
      running = false;
      thread.join();
    }
  }
}
