package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.stack.StackStatus.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a stack: real PostgreSQL, real processes; stand-ins for the services. */
class StackIT {
  @TempDir private Path folder;

  @Test
  void theServersKeepWhatTheyPromise() throws SQLException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);

      for (var database : List.of(stack.addresses("customer-db"), stack.addresses("order-db"))) {
        assertThat(TestShop.ask(database, "SHOW fsync")).isEqualTo("on");
        assertThat(TestShop.ask(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(TestShop.ask(database, "SHOW full_page_writes")).isEqualTo("on");
        assertThat(TestShop.ask(database, "SHOW max_prepared_transactions")).isEqualTo("100");
        assertThat(TestShop.ask(database, "SHOW max_connections")).isEqualTo("200");
        assertThat(TestShop.ask(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(
                TestShop.ask(
                    database,
                    "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
            .isEqualTo("scram-sha-256");
      }
    }
  }

  @Test
  void secretsAreInOneFileAndOnNoCommandLine() throws IOException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);

      var secrets = PrivateFile.readProperties(shop.home().resolve("installation.properties"));
      assertThat(secrets)
          .containsKeys("service-token", "customer-db.password", "order-db.owner.password");
      for (var file : List.of("installation.properties", "run/stack.properties")) {
        assertThat(Files.getPosixFilePermissions(shop.home().resolve(file)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      secrets.remove("coordinator-name");
      for (var part : stack.status().parts()) {
        assertThat(Files.readString(Path.of("/proc", part.pid().toString(), "cmdline")))
            .doesNotContain(secrets.values());
      }
    }
  }

  @Test
  void aKilledDatabaseComesBackWithItsDataAndItsPreparedTransactions()
      throws SQLException, IOException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);
      var database = stack.addresses("customer-db");
      TestShop.execute(database, "CREATE TABLE kept AS SELECT 42 AS answer");
      TestShop.execute(
          database,
          "BEGIN; CREATE TABLE half AS SELECT 1; PREPARE TRANSACTION 'xa1:tandem-x7:b1:change'");
      var postmaster = shop.home().resolve("data/customer-db/postmaster.pid");

      stack.kill("customer-db");

      assertThat(ProcessId.workingIn(shop.home().resolve("data/customer-db"))).isEmpty();
      assertThat(postmaster).exists();
      assertThat(stack.status().state()).isEqualTo(State.PARTIAL);
      assertThat(stack.status().part("customer-db").pid()).isNull();

      // As after a reboot: the pid in the stale file belongs to somebody else.
      Files.writeString(
          postmaster,
          Files.readString(postmaster)
              .replaceFirst("\\d+", Long.toString(ProcessHandle.current().pid())));
      stack.start("customer-db");

      assertThat(TestShop.ask(database, "SELECT answer FROM kept")).isEqualTo("42");
      assertThat(stack.status().state()).isEqualTo(State.UP);
      assertThat(stack.status().inDoubt()).as("as the coordinator says").isEqualTo(2);
      stack.kill("tx-coordinator");
      assertThat(stack.status().inDoubt()).as("as the databases say").isEqualTo(1);
    }
  }

  @Test
  void childrenOfAPostmasterThatDiedAloneAreWaitedFor() throws SQLException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);
      var database = stack.addresses("order-db");
      try (var busy = TestShop.connect(database)) {
        ProcessId.signal(
            "KILL", Set.of(ProcessId.running(database(stack, "order-db")).orElseThrow()));
        assertThat(
                Waiting.until(
                    java.time.Duration.ofSeconds(5),
                    () -> stack.status().part("order-db").pid() == null))
            .isTrue();

        stack.start("order-db");

        assertThat(TestShop.ask(database, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void dataIsKeptOverDownAndUpAndDeletedWhenFresh() throws SQLException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);
      TestShop.execute(stack.addresses("order-db"), "CREATE TABLE kept AS SELECT 42 AS answer");
      var running =
          stack.status().parts().stream()
              .map(part -> ProcessId.running(part.pid()).orElseThrow())
              .toList();

      assertThat(stack.down()).isTrue();
      assertThat(running).noneMatch(ProcessId::isAlive);
      assertThat(shop.heard)
          .doesNotHaveToString("killed")
          .noneMatch(line -> line.contains("killed"));
      assertThat(stack.down()).as("again").isFalse();
      assertThat(stack.status().state()).isEqualTo(State.DOWN);
      assertThatThrownBy(() -> stack.start("order-db"))
          .hasMessage("Tandem is down: ./tandem up starts it.");

      stack.up(false);
      assertThat(TestShop.ask(stack.addresses("order-db"), "SELECT answer FROM kept"))
          .isEqualTo("42");
      stack.down();

      stack.up(true);
      assertThat(TestShop.ask(stack.addresses("order-db"), "SELECT to_regclass('kept') IS NULL"))
          .isEqualTo("t");
    }
  }

  @Test
  void aSecondUpIsRefusedAndChangesNothing() {
    var shop = new TestShop(folder);
    try (var stack = shop.stack();
        var second = shop.stack()) {
      stack.up(false);
      var before = stack.status();

      assertThatThrownBy(() -> second.up(true))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("already runs")
          .hasMessageContaining("order-db");
      second.interrupt();

      assertThat(stack.status()).isEqualTo(before);
    }
  }

  @Test
  void aTakenPortIsNamedWithItsPartAndItsSetting() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var shop =
          new TestShop(folder)
              .with("TANDEM_ORDER_SERVICE_INTERNAL_PORT", Integer.toString(taken.getLocalPort()));
      try (var stack = shop.stack()) {
        assertThatThrownBy(() -> stack.up(false))
            .hasMessageStartingWith("Port " + taken.getLocalPort() + " of order-service is taken")
            .hasMessageContaining("TANDEM_ORDER_SERVICE_INTERNAL_PORT");
        assertThat(stack.isUp()).isFalse();
        assertThat(shop.home().resolve("data")).doesNotExist();
      }
    }
  }

  @Test
  void aPartThatDiesAtItsStartIsShownWithItsLastWordsAndTheOthersAreStopped() {
    var shop = new TestShop(folder).with("TANDEM_CUSTOMER_SERVICE_ARGS", "--die");
    try (var stack = shop.stack()) {
      assertThatThrownBy(() -> stack.up(false))
          .hasMessageStartingWith("customer-service ended while it started")
          .hasMessageContaining("the last words of a part");

      assertThat(stack.status().state()).isEqualTo(State.DOWN);
      assertThat(shop.heard).anyMatch(line -> line.startsWith("customer-db stopped"));
    }
  }

  @Test
  void aPartThatIsNotHealthyInTimeIsAFailure() {
    var shop =
        new TestShop(folder)
            .with("TANDEM_TX_COORDINATOR_ARGS", "--sick")
            .with("TANDEM_START_LIMIT_SECONDS", "3");
    try (var stack = shop.stack()) {
      assertThatThrownBy(() -> stack.up(false))
          .hasMessageStartingWith("tx-coordinator was not healthy within 3 s");

      assertThat(stack.status().state()).isEqualTo(State.DOWN);
    }
  }

  @Test
  void aFailureOfDbInitKeepsTheServicesFromStarting() {
    var shop = new TestShop(folder).with("TANDEM_DB_INIT_ARGS", "--die");
    try (var stack = shop.stack()) {
      assertThatThrownBy(() -> stack.up(false))
          .hasMessageStartingWith("db-init failed with exit code 7")
          .hasMessageContaining("the last words of a part");

      assertThat(shop.home().resolve("logs/customer-service.log")).doesNotExist();
      assertThat(stack.status().state()).isEqualTo(State.DOWN);
    }
  }

  @Test
  void aFrozenPartIsNotHealthyUntilItGoesOn() {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);

      stack.freeze("tx-coordinator");
      stack.freeze("order-db");
      assertThat(stack.status().part("tx-coordinator").healthy()).isFalse();
      assertThat(stack.status().part("order-db").healthy()).isFalse();

      stack.thaw("tx-coordinator");
      stack.thaw("order-db");
      assertThat(stack.status().state()).isEqualTo(State.UP);

      stack.freeze("order-service");
      stack.down();
      assertThat(shop.heard).anyMatch(line -> line.startsWith("order-service stopped"));
    }
  }

  @Test
  void aRecycledPidIsNotKilled() throws IOException {
    var shop = new TestShop(folder);
    var bystander = new ProcessBuilder("sleep", "60").start();
    try (var stack = shop.stack()) {
      stack.up(false);
      stack.kill("order-service");
      var id = ProcessId.running(bystander.pid()).orElseThrow();
      PrivateFile.write(
          shop.home().resolve("run/order-service.process"),
          new ProcessId(id.pid(), id.startTicks() - 1, id.boot()).asText());

      assertThatThrownBy(() -> stack.kill("order-service"))
          .hasMessage("order-service does not run.");
      assertThatThrownBy(() -> stack.freeze("order-service"))
          .hasMessage("order-service does not run.");
      stack.down();

      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void aDatabaseThatIsNotOnRecordIsFoundByItsFolder() throws IOException {
    var shop = new TestShop(folder);
    try (var stack = shop.stack()) {
      stack.up(false);
      var pid = database(stack, "customer-db");
      Files.delete(shop.home().resolve("run/customer-db.process"));

      assertThat(database(stack, "customer-db")).isEqualTo(pid);
      stack.start("customer-db");
      assertThat(shop.heard).contains("customer-db already runs (pid " + pid + ")");
      stack.down();
      assertThat(ProcessHandle.of(pid)).isEmpty();
    }
  }

  @Test
  void freshRefusesAFolderThatIsNotOurs() throws IOException {
    var shop = new TestShop(folder);
    var precious = Files.createDirectories(shop.home().resolve("data")).resolve("precious");
    Files.writeString(precious, "not yours");
    try (var stack = shop.stack()) {
      assertThatThrownBy(() -> stack.up(true))
          .hasMessageContaining("not a folder of Tandem")
          .hasMessageContaining("TANDEM_HOME");

      assertThat(precious).hasContent("not yours");
      assertThat(shop.home().resolve("lock")).doesNotExist();
    }
  }

  @Test
  void aServerOfYoursIsUsedAndNeverTouched() throws SQLException {
    var owner = new TestShop(folder.resolve("owner"));
    var guest = new TestShop(folder.resolve("guest"));
    try (var owning = owner.stack()) {
      owning.up(false);
      var server = owning.addresses("order-db");
      guest
          .with("TANDEM_ORDER_DB_URL", server.jdbcUrl())
          .with("TANDEM_ORDER_DB_ADMIN_PASSWORD", server.password());
      try (var using = guest.stack()) {
        using.up(false);

        assertThat(using.status().state()).isEqualTo(State.UP);
        assertThat(using.status().part("order-db").external()).isTrue();
        assertThat(using.status().part("order-db").pid()).isNull();
        assertThatThrownBy(() -> using.kill("order-db"))
            .hasMessageContaining("TANDEM_ORDER_DB_URL");
        assertThatThrownBy(() -> using.start("order-db"))
            .hasMessageContaining("TANDEM_ORDER_DB_URL");
        using.down();
        assertThatThrownBy(() -> using.up(true)).hasMessageContaining("decisions");
      }
      assertThat(TestShop.ask(server, "SELECT 1")).isEqualTo("1");

      guest.with("TANDEM_ORDER_DB_ADMIN_PASSWORD", "wrong");
      try (var using = guest.stack()) {
        assertThatThrownBy(() -> using.up(false))
            .hasMessageStartingWith("order-db does not answer")
            .hasMessageContaining("password");
      }
    }
  }

  private static long database(Stack stack, String name) {
    return stack.status().part(name).pid();
  }
}
