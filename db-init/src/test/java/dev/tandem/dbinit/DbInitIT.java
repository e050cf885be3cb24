package dev.tandem.dbinit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program as its user meets it, on two real servers. */
class DbInitIT {
  static TestServer customerDb;
  static TestServer orderDb;

  @BeforeAll
  static void startServers() {
    customerDb = new TestServer();
    orderDb = new TestServer();
  }

  @AfterAll
  static void stopServers() throws IOException {
    customerDb.close();
    orderDb.close();
  }

  @BeforeEach
  void forgetWhatEarlierTestsDid() throws SQLException {
    customerDb.forget();
    orderDb.forget();
  }

  @Test
  void aFreshPairOfServersBecomesReady() throws SQLException {
    assertSucceeded(run());

    assertThat(tables(customerDb, "customer"))
        .contains("customer", "limit_change", "open_change", "idempotency_key");
    assertThat(tables(orderDb, "orders")).contains("credit_account", "orders", "limit_change");
  }

  @Test
  void eachServerHoldsOnlyItsOwnDatabaseAndRoles() throws SQLException {
    assertSucceeded(run());

    assertThat(databases(customerDb)).contains("customer").doesNotContain("orders");
    assertThat(databases(orderDb)).contains("orders").doesNotContain("customer");
    assertThat(roles(customerDb)).containsExactly("customer_owner", "customer_service");
    assertThat(roles(orderDb)).containsExactly("order_service", "orders_owner");
  }

  @Test
  void repeatingItChangesNothing() throws SQLException {
    assertSucceeded(run("--customers", "3"));
    var before =
        customerDb.value("customer", "select md5(string_agg(c::text, ',')) from customer c");

    assertSucceeded(run("--customers", "3"));

    assertThat(customerDb.value("customer", "select md5(string_agg(c::text, ',')) from customer c"))
        .isEqualTo(before);
    assertThat(customerDb.value("customer", "select count(*) from flyway_schema_history"))
        .as("one row per migration, once")
        .isEqualTo("5");
  }

  @Test
  void fourAtOnceAllSucceed() {
    var arguments = Run.arguments(customerDb.url(), orderDb.url(), "--customers", "500");
    var runs = Stream.generate(() -> Run.start(new StringWriter(), arguments)).limit(4).toList();

    runs.forEach(run -> assertSucceeded(run.join()));
  }

  @Test
  void theEnvironmentSaysThePasswordsThatAreInForce() throws SQLException {
    assertSucceeded(run());
    var changed = Run.environmentWith("TANDEM_CUSTOMER_DB_PASSWORD", "a new one");

    assertSucceeded(Run.of(changed, Run.arguments(customerDb.url(), orderDb.url())));

    try (var service = customerDb.connect("customer", "customer_service", "a new one")) {
      assertThat(service.isValid(1)).isTrue();
    }
  }

  @Test
  void theJarDoesTheSame() throws IOException, InterruptedException, SQLException {
    var command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar",
                    Path.of("target", "db-init-exec.jar").toAbsolutePath().toString()),
                Stream.of(Run.arguments(customerDb.url(), orderDb.url(), "--customers", "1000")))
            .toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Run.ENVIRONMENT);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines())
        .containsExactlyInAnyOrder(
            "customer-db (127.0.0.1:%s): database customer is ready for customer_service"
                .formatted(customerDb.port()),
            "order-db (127.0.0.1:%s): database orders is ready for order_service"
                .formatted(orderDb.port()),
            "1000 sample customers, 1000 of them new with limit 500");
    assertThat(process.exitValue()).isZero();
    assertThat(customerDb.value("customer", "select count(*) from customer")).isEqualTo("1000");
  }

  // sample customers

  @Test
  void sampleCustomersAreTheSameInBothDatabasesAtVersionOne() throws SQLException {
    assertSucceeded(run("--customers", "1000", "--limit", "750.50"));

    assertThat(accounts())
        .hasSize(1000)
        .allMatch(row -> row.endsWith(" 750.50 1"))
        .isEqualTo(customers());
    assertThat(
            customerDb.value(
                "customer", "select customer_id from customer where name = 'Sample customer 7'"))
        .isEqualTo(SampleCustomers.id(7).toString());
    assertThat(customerDb.value("customer", "select count(*) from limit_change")).isEqualTo("0");
  }

  @Test
  void sampleCustomersAreNumberedInTheirOrder() throws SQLException {
    assertSucceeded(run("--customers", "20"));

    assertThat(
            customerDb.value(
                "customer",
                "select bool_and(name = 'Sample customer ' || customer_number) from customer"))
        .isEqualTo("t");
  }

  @Test
  void aCustomerThatHasChangedIsLeftAlone() throws SQLException {
    assertSucceeded(run("--customers", "2"));
    customerDb.execute("customer", "update customer set credit_limit = 9, version = 2");

    var again = run("--customers", "3", "--limit", "70");

    assertThat(again.out()).contains("3 sample customers, 1 of them new with limit 70");
    assertThat(customerDb.value("customer", "select sum(credit_limit) from customer"))
        .isEqualTo("88.00");
  }

  @Test
  void aCopyThatABrokenRunLeftOutIsMadeUpFromTheCustomerAsItIs() throws SQLException {
    assertSucceeded(run("--customers", "5", "--limit", "500"));
    orderDb.execute("orders", "delete from credit_account");

    assertSucceeded(run("--customers", "5", "--limit", "700"));

    assertThat(accounts()).hasSize(5).allMatch(row -> row.endsWith(" 500.00 1"));
  }

  @Test
  void aHundredThousandSampleCustomersTakeSeconds() throws SQLException {
    var begun = System.nanoTime();

    assertSucceeded(run("--customers", "100000"));

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    assertThat(orderDb.value("orders", "select count(*) from credit_account")).isEqualTo("100000");
  }

  // 2: usage

  @Test
  void anAddressLeftOutIsTwo() {
    assertFailed(
        Run.of(Run.ENVIRONMENT, "--order-db", orderDb.url()), 2, "--customer-db", "See --help");
  }

  @Test
  void aSecretLeftOutIsTwo() {
    var without = Run.environmentWith("TANDEM_ORDER_DB_OWNER_PASSWORD", "");
    assertFailed(
        Run.of(without, Run.arguments(customerDb.url(), orderDb.url())),
        2,
        "TANDEM_ORDER_DB_OWNER_PASSWORD");
  }

  @Test
  void badArgumentsAreTwoAndChangeNothing() throws SQLException {
    assertFailed(run("--customers", "-1"), 2, "--customers");
    assertFailed(run("--limit", "1.234"), 2, "--limit", "two decimals");
    assertFailed(run("--limit", "-1"), 2, "--limit");
    assertFailed(run("--wait", "soon"), 2, "'soon' is not a duration");
    assertFailed(run("--colour", "red"), 2, "--colour");
    assertFailed(Run.on("localhost", orderDb.url()), 2, "--customer-db", "jdbc:postgresql://");
    assertFailed(
        Run.on(customerDb.url() + "?password=x", orderDb.url()), 2, "must not hold a password");
    assertThat(roles(customerDb)).isEmpty();
  }

  @Test
  void helpSaysEveryExitCodeAndVariable() {
    var help = Run.of(Map.of(), "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains(Run.ENVIRONMENT.keySet()).contains("without a change row");
    for (var reason : DbInitFailed.Reason.values()) {
      assertThat(help.out()).containsPattern("\n  " + reason.exitCode() + "  ");
    }
  }

  // 3: not reachable

  @Test
  void aServerThatIsNotThereIsThree() throws IOException {
    var nobody = "jdbc:postgresql://127.0.0.1:" + freePort() + "/postgres";
    var run = Run.on(customerDb.url(), nobody, "--wait", "500ms");

    assertFailed(run, 3, "order-db", "not reachable within 500ms", "start it", "--order-db");
    assertThat(run.out()).contains("waiting for order-db");
  }

  @Test
  void aNameThatNobodyHasIsThree() {
    var run = Run.on("jdbc:postgresql://nobody.invalid/postgres", orderDb.url(), "--wait", "300ms");

    assertFailed(run, 3, "customer-db (nobody.invalid:5432)", "UnknownHost");
  }

  @Test
  void aServerThatAcceptsAndSaysNothingIsThree() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/postgres";

      assertFailed(Run.on(url, orderDb.url(), "--wait", "1s"), 3, "customer-db");
    }
  }

  @Test
  void bothServersMissingAreBothNamed() throws IOException {
    var nobody = "jdbc:postgresql://127.0.0.1:" + freePort() + "/postgres";

    assertThat(Run.on(nobody, nobody, "--wait", "300ms").err())
        .contains("customer-db", "order-db")
        .hasLineCount(2);
  }

  @Test
  void aServerThatComesLaterIsWaitedFor() throws IOException {
    int port = freePort();
    var out = new StringWriter();
    var run =
        Run.start(
            out,
            Run.arguments(customerDb.url(), "jdbc:postgresql://127.0.0.1:" + port + "/postgres"));
    await().until(() -> out.toString().contains("waiting for order-db"));
    try (var late = new TestServer(TestServer.GOOD_SETTINGS, port, false)) {
      assertSucceeded(run.join());
    }
  }

  // 4: settings

  @Test
  void aServerThatCannotKeepThePromiseIsFourAndEverySettingIsNamed() throws Exception {
    var bad =
        Map.of(
            "max_prepared_transactions", "0",
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "track_activities", "off");
    try (var careless = new TestServer(bad, 0, true)) {
      var run = Run.on(customerDb.url(), careless.url());

      assertFailed(
          run,
          4,
          "order-db",
          "max_prepared_transactions is 0",
          "fsync is off",
          "synchronous_commit is off",
          "full_page_writes is off",
          "track_activities is off",
          "postgresql.conf");
      assertThat(roles(careless)).isEmpty();
      assertThat(roles(customerDb)).as("nothing is changed before both are good").isEmpty();
    }
  }

  /** A real server that says something else of itself, to our sessions alone. */
  @Test
  void aServerThatIsTooOldOrOnlyReadsIsFour() throws SQLException {
    orderDb.execute("postgres", "create schema lies");
    try {
      orderDb.execute(
          "postgres",
          """
          create function lies.current_setting(name text) returns text return
            case name when 'server_version_num' then '170004' when 'server_version' then '17.4'
            else pg_catalog.current_setting(name) end;
          create function lies.pg_is_in_recovery() returns boolean return true
          """);
      var lied = orderDb.url() + "?options=-c%20search_path=lies,pg_catalog";

      assertFailed(
          Run.on(customerDb.url(), lied),
          4,
          "order-db",
          "server_version is 17.4, Tandem needs 18 or later",
          "upgrade the server",
          "the server is a standby and only reads",
          "the address of its primary");
      assertThat(roles(orderDb)).isEmpty();
      assertThat(roles(customerDb)).as("nothing is changed before both are good").isEmpty();
    } finally {
      orderDb.execute("postgres", "drop schema lies cascade");
    }
  }

  // 5: not allowed

  @Test
  void aWrongPasswordIsFiveAtOnceAndNotSaid() {
    var run =
        Run.of(
            Run.environmentWith("TANDEM_CUSTOMER_DB_ADMIN_PASSWORD", "a wrong one"),
            Run.arguments(customerDb.url(), orderDb.url()));

    assertFailed(run, 5, "customer-db", "password authentication failed", "in the environment");
    assertThat(run.err()).doesNotContain("a wrong one");
  }

  @Test
  void noPasswordWhereOneIsAskedForIsFive() {
    var run =
        Run.of(
            Run.environmentWith("TANDEM_CUSTOMER_DB_ADMIN_PASSWORD", ""),
            Run.arguments(customerDb.url(), orderDb.url()));

    assertFailed(run, 5, "customer-db");
  }

  @Test
  void anAdministratorWithoutRightsIsFive() throws SQLException {
    orderDb.execute("postgres", "create role nobody login password 'x'");
    orderDb.execute("postgres", "grant connect on database postgres to nobody");
    try {
      var nobody = new HashMap<>(Run.environmentWith("TANDEM_ORDER_DB_ADMIN_USER", "nobody"));
      nobody.put("TANDEM_ORDER_DB_ADMIN_PASSWORD", "x");

      assertFailed(
          Run.of(nobody, Run.arguments(customerDb.url(), orderDb.url())),
          5,
          "order-db",
          "creating role orders_owner",
          "CREATEROLE and CREATEDB");
    } finally {
      orderDb.execute("postgres", "drop owned by nobody");
      orderDb.execute("postgres", "drop role nobody");
    }
  }

  @Test
  void aDatabaseOfSomebodyElseIsFive() throws SQLException {
    customerDb.execute("postgres", "create database customer");

    assertFailed(run(), 5, "database customer belongs to postgres", "OWNER TO customer_owner");
  }

  @Test
  void aServiceRoleThatIsAMemberOfOthersIsFive() throws SQLException {
    assertSucceeded(run());
    customerDb.execute("postgres", "grant pg_read_all_data to customer_service");

    assertFailed(run(), 5, "pg_read_all_data", "REVOKE");
  }

  // 6: migrations

  @Test
  void aNewerSchemaIsSix() throws SQLException {
    assertSucceeded(run());
    customerDb.execute(
        "customer",
        """
        insert into flyway_schema_history
        select 99, '99', 'later', type, 'V99__later.sql', 1, installed_by, installed_on, 1, true
        from flyway_schema_history limit 1
        """);

    assertFailed(run(), 6, "database customer", "newer or changed", "99");
  }

  @Test
  void aChangedMigrationIsSix() throws SQLException {
    assertSucceeded(run());
    orderDb.execute("orders", "update flyway_schema_history set checksum = 1");

    assertFailed(run(), 6, "database orders", "newer or changed");
  }

  @Test
  void aMigrationThatFailsIsSixAndLeavesNothing() throws SQLException {
    assertSucceeded(run());
    customerDb.execute("customer", "drop table limit_change, open_change, idempotency_key");
    customerDb.execute("customer", "delete from flyway_schema_history");
    customerDb.execute("customer", "alter table customer rename to limit_change");

    assertFailed(run(), 6, "database customer", "V1__", "already exists");
    assertThat(tables(customerDb, "customer")).doesNotContain("customer");
  }

  // 7: same server

  @Test
  void oneServerForBothIsSevenAlsoUnderAnotherName() throws SQLException {
    var otherName = customerDb.url().replace("127.0.0.1", "localhost");

    assertFailed(Run.on(customerDb.url(), otherName), 7, "same server", "--allow-same-server");
    assertThat(roles(customerDb)).isEmpty();
  }

  @Test
  void oneServerForBothCanBeAllowed() throws SQLException {
    assertSucceeded(
        Run.on(customerDb.url(), customerDb.url(), "--allow-same-server", "--customers", "2"));

    assertThat(databases(customerDb)).contains("customer", "orders");
  }

  @Test
  void swappedAddressesAreSeven() throws SQLException {
    assertSucceeded(run());

    assertFailed(Run.on(orderDb.url(), customerDb.url()), 7, "swap the two addresses");
    assertThat(databases(customerDb)).doesNotContain("orders");
  }

  // 1: anything else

  @Test
  void anythingElseIsOneAndVerboseShowsWhere() throws SQLException {
    assertSucceeded(run());
    orderDb.execute("orders", "alter table credit_account rename to something_else");

    assertFailed(run("--customers", "1"), 1, "loading sample customers", "credit_account");
    assertThat(run("--customers", "1", "--verbose").err()).contains("\tat dev.tandem.dbinit");
  }

  @Test
  void aLockThatSomebodyHoldsIsNamedAndTheCureIsToRepeat() throws SQLException {
    assertSucceeded(run());
    try (var somebody = orderDb.admin("orders");
        var impatient = orderDb.admin("orders")) {
      somebody.setAutoCommit(false);
      Sql.run(somebody, "lock table orders");
      Sql.run(impatient, "set lock_timeout = '10ms'");

      assertThatThrownBy(() -> Sql.value(impatient, "select count(*) from orders"))
          .isInstanceOfSatisfying(
              SQLException.class,
              locked ->
                  assertThat(DbInitFailed.of("order-db", "counting orders", locked))
                      .hasMessage(
                          "order-db: counting orders failed: canceling statement due to lock timeout. Something holds the lock, perhaps another db-init or a branch in doubt: repeat.")
                      .extracting(DbInitFailed::reason)
                      .isEqualTo(DbInitFailed.Reason.OTHER));
    }
  }

  private static Run run(String... more) {
    return Run.on(customerDb.url(), orderDb.url(), more);
  }

  private static void assertSucceeded(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.saysASecret()).isFalse();
  }

  private static void assertFailed(Run run, int exitCode, String... words) {
    assertThat(run.err()).contains(words).hasLineCount(1).startsWith("db-init: ");
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.saysASecret()).isFalse();
  }

  private static List<String> tables(TestServer server, String database) throws SQLException {
    return server.column(
        database, "select tablename from pg_tables where schemaname = 'public' order by 1");
  }

  private static List<String> databases(TestServer server) throws SQLException {
    return server.column("postgres", "select datname from pg_database");
  }

  private static List<String> roles(TestServer server) throws SQLException {
    return server.column(
        "postgres",
        "select rolname from pg_roles where rolname ~ '^(customer|orders?)_' order by rolname");
  }

  private static List<String> customers() throws SQLException {
    return customerDb.column(
        "customer",
        "select concat_ws(' ', customer_id, credit_limit, version) from customer order by 1");
  }

  private static List<String> accounts() throws SQLException {
    return orderDb.column(
        "orders",
        "select concat_ws(' ', customer_id, credit_limit, limit_version) from credit_account order by 1");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
