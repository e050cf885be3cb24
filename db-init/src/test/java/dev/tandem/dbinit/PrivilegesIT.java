package dev.tandem.dbinit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a service may do in its database, and what not. Both databases on one server: the harder
 * case.
 */
class PrivilegesIT {
  static TestServer server;
  Connection service;

  @BeforeAll
  static void startServer() throws SQLException {
    server = new TestServer();
    for (var database : Databases.values()) {
      initialise(database, TestServer.ADMIN, TestServer.ADMIN_PASSWORD);
    }
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    service = server.connect("customer", "customer_service", "runtime");
  }

  @AfterEach
  void disconnect() throws SQLException {
    service.close();
  }

  @Test
  void theServiceHasExactlyTheGrantsOfTheMigrations() throws SQLException {
    var grants =
        """
        select table_name || ' ' || string_agg(lower(privilege_type), ' ' order by privilege_type)
        from information_schema.role_table_grants where grantee in ('%s', 'PUBLIC') and table_schema = 'public'
        group by table_name order by 1
        """;
    assertThat(server.column("customer", grants.formatted("customer_service")))
        .containsExactly(
            "anomaly insert select",
            "consistency_mode insert select update",
            "customer insert select update",
            "idempotency_key insert select update",
            "limit_change insert select update",
            "mode_change insert select",
            "open_change delete insert select update",
            "outbox delete insert select");
    assertThat(server.column("orders", grants.formatted("order_service")))
        .containsExactly(
            "anomaly insert select",
            "copy_lane insert select update",
            "credit_account insert select update",
            "limit_change insert select update",
            "missed_limit insert select update",
            "orders insert select update");
  }

  @Test
  void theServiceCannotDeleteCustomers() {
    assertForbidden("delete from customer");
    assertForbidden("truncate customer");
    assertForbidden("drop table customer");
  }

  @Test
  void theServiceCannotCreateAnything() {
    assertForbidden("create table mine (a int)");
    assertForbidden("create temp table mine (a int)");
    assertForbidden("create schema mine");
    assertForbidden("create database mine");
    assertForbidden("create role mine");
    assertForbidden("set role customer_owner");
    assertForbidden("select * from flyway_schema_history");
  }

  @Test
  void theServiceCannotConnectToAnotherDatabase() {
    for (var other : new String[] {"orders", "postgres", "template1"}) {
      assertThatThrownBy(() -> server.connect(other, "customer_service", "runtime"))
          .as(other)
          .hasMessageContaining("permission denied for database");
    }
    assertThatThrownBy(() -> server.connect("customer", "order_service", "runtime"))
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void theServicePreparesSeesAndEndsItsBranches() throws SQLException {
    for (var end : new String[] {"commit", "rollback"}) {
      Sql.run(service, "begin");
      Sql.run(
          service,
          "insert into limit_change (change_id, state) values (gen_random_uuid(), 'refused')");
      Sql.run(service, "prepare transaction 'xa1:" + end + "'");
    }
    try (var other = server.connect("customer", "customer_service", "runtime")) {
      assertThat(Sql.column(other, "select gid from pg_prepared_xacts order by gid"))
          .containsExactly("xa1:commit", "xa1:rollback");
      Sql.run(other, "commit prepared 'xa1:commit'");
      Sql.run(other, "rollback prepared 'xa1:rollback'");
      assertThat(Sql.value(other, "select count(*) from limit_change")).isEqualTo("1");
    }
  }

  @Test
  void theServiceNeverWaitsForLong() throws SQLException {
    assertThat(Sql.value(service, "show lock_timeout")).isEqualTo("1s");
    assertThat(Sql.value(service, "show idle_in_transaction_session_timeout")).isEqualTo("10s");
    assertThat(Sql.value(service, "show statement_timeout")).isEqualTo("10s");
    assertThat(Sql.value(service, "show client_connection_check_interval")).isEqualTo("1s");
  }

  @Test
  void powersThatSomebodyGaveToTheServiceAreTakenAway() throws SQLException {
    server.execute(
        "postgres",
        "alter role customer_service superuser createdb createrole replication bypassrls");

    initialise(Databases.CUSTOMER, TestServer.ADMIN, TestServer.ADMIN_PASSWORD);

    assertThat(
            server.value(
                "postgres",
                """
                select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
                from pg_roles where rolname = 'customer_service'
                """))
        .isEqualTo("f");
  }

  @Test
  void aUserInTheAddressDoesNotCount() {
    Databases.CUSTOMER.initialise(
        server.url() + "?user=nobody&connectTimeout=5",
        TestServer.ADMIN,
        TestServer.ADMIN_PASSWORD,
        "owner",
        "runtime");
  }

  @Test
  void aSchemaThatEverybodyMayCreateInIsClosedAgain() throws SQLException {
    server.execute("customer", "grant create on schema public to public");

    initialise(Databases.CUSTOMER, TestServer.ADMIN, TestServer.ADMIN_PASSWORD);

    assertForbidden("create table mine (a int)");
  }

  @Test
  void aServiceRoleThatKeepsTheRightToCreateIsRefused() throws SQLException {
    server.execute("customer", "grant create on schema public to customer_service");
    try {
      assertThatThrownBy(
              () -> initialise(Databases.CUSTOMER, TestServer.ADMIN, TestServer.ADMIN_PASSWORD))
          .isInstanceOf(DbInitFailed.class)
          .hasMessageContaining("customer_service can create tables");
    } finally {
      server.execute("customer", "revoke create on schema public from customer_service");
    }
  }

  @Test
  void passwordsAreStoredAsScramVerifiers() throws SQLException {
    assertThat(
            server.column(
                "postgres",
                "select left(rolpassword, 14) from pg_authid where rolname like 'customer_%'"))
        .containsOnly("SCRAM-SHA-256$");
  }

  private void assertForbidden(String sql) {
    assertThatThrownBy(() -> Sql.run(service, sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  static void initialise(Databases database, String admin, String password) {
    database.initialise(server.url(), admin, password, "owner", "runtime");
  }
}
