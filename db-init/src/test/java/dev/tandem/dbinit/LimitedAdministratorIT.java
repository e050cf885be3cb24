package dev.tandem.dbinit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * On a server that somebody else runs: an administrator with CREATEROLE and CREATEDB, no superuser.
 */
class LimitedAdministratorIT {
  static TestServer server;

  @BeforeAll
  static void startServer() throws SQLException {
    server = new TestServer();
    server.execute("postgres", "create role limited login createrole createdb password 'limited'");
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void forgetWhatEarlierTestsDid() throws SQLException {
    server.forget();
  }

  @Test
  void itCanDoEverythingAndRepeatIt() throws SQLException {
    for (int time = 1; time <= 2; time++) {
      initialise(Databases.CUSTOMER);
      initialise(Databases.ORDERS);
    }

    try (var service = server.connect("orders", "order_service", "runtime")) {
      assertThat(Sql.value(service, "select count(*) from orders")).isEqualTo("0");
      assertThat(Sql.value(service, "show lock_timeout")).isEqualTo("1s");
    }
    assertThatThrownBy(() -> server.connect("customer", "order_service", "runtime"))
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void itDoesNotStayAMemberThatCanBecomeTheOwner() throws SQLException {
    initialise(Databases.CUSTOMER);

    assertThat(server.value("postgres", "select pg_has_role('limited', 'customer_owner', 'SET')"))
        .isEqualTo("f");
  }

  @Test
  void theWholeProgramRunsAndTellsOfDatabasesThatItCannotClose() throws SQLException {
    var environment = new HashMap<>(Run.ENVIRONMENT);
    for (var prefix : new String[] {"TANDEM_CUSTOMER_DB_ADMIN_", "TANDEM_ORDER_DB_ADMIN_"}) {
      environment.put(prefix + "USER", "limited");
      environment.put(prefix + "PASSWORD", "limited");
    }

    var run =
        Run.of(
            environment,
            Run.arguments(server.url(), server.url(), "--allow-same-server", "--customers", "10"));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("note: customer_service may also connect to [postgres, template1]");
  }

  @Test
  void rolesThatSomebodyElseMadeAreRefusedWithTheCure() throws SQLException {
    server.execute("postgres", "create role customer_owner");

    assertThatThrownBy(() -> initialise(Databases.CUSTOMER))
        .isInstanceOfSatisfying(
            DbInitFailed.class,
            e -> assertThat(e.reason()).isEqualTo(DbInitFailed.Reason.NOT_ALLOWED))
        .hasMessageContaining("role customer_owner")
        .hasMessageContaining("made these roles");
  }

  private static void initialise(Databases database) {
    database.initialise(server.url(), "limited", "limited", "owner", "runtime");
  }
}
