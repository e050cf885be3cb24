package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.tandem.stack.StackStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** One stack that stays up, and what is done to its parts; each test finds them all healthy. */
@TestInstance(Lifecycle.PER_CLASS)
@BesideTheShop
class RunningStackIT {
  /** Three questions of 2 s, one after the other, and a slow machine. */
  private static final Duration STATUS_OF_THE_FROZEN = Duration.ofSeconds(12);

  private static final long WATCH_ENDS_SECONDS = 10;

  private TestShop shop;
  private Stack stack;

  @BeforeAll
  void up(@TempDir Path folder) {
    shop = new TestShop(folder);
    stack = shop.stack();
    stack.up(false);
  }

  @BeforeEach
  void startWhatIsMissing() {
    if (!stack.isUp()) {
      stack.up(false);
    }
    Stack.partNames().forEach(stack::start);
    shop.heard.clear();
  }

  @AfterAll
  void leaveNothing() {
    stack.close();
  }

  @Test
  void theServersKeepWhatTheyPromise() throws SQLException {
    for (var database : List.of(stack.addresses("customer-db"), stack.addresses("order-db"))) {
      assertThat(TestShop.ask(database, "SHOW fsync")).isEqualTo("on");
      assertThat(TestShop.ask(database, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(TestShop.ask(database, "SHOW full_page_writes")).isEqualTo("on");
      assertThat(TestShop.ask(database, "SHOW max_prepared_transactions")).isEqualTo("100");
      assertThat(TestShop.ask(database, "SHOW max_connections")).isEqualTo("200");
      assertThat(TestShop.ask(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(
              TestShop.ask(
                  database, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
          .isEqualTo("scram-sha-256");
    }
  }

  @Test
  void secretsAreInOneFileAndOnNoCommandLine() throws IOException {
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

  @Test
  void aKilledDatabaseComesBackWithItsDataAndItsPreparedTransactions()
      throws SQLException, IOException {
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
    var bystander = new ProcessBuilder("sleep", "60").start();
    try {
      var stale = Files.readString(postmaster).replaceFirst("\\d+", Long.toString(bystander.pid()));
      Files.writeString(postmaster, stale);
      stack.start("customer-db");
    } finally {
      bystander.destroyForcibly();
    }

    assertThat(TestShop.ask(database, "SELECT answer FROM kept")).isEqualTo("42");
    assertThat(stack.status().state()).isEqualTo(State.UP);
    assertThat(stack.unsettled().inDoubt()).as("as the coordinator says").isEqualTo(2);
    stack.kill("tx-coordinator");
    assertThat(stack.unsettled().inDoubt()).as("as the databases say").isEqualTo(1);
    TestShop.execute(database, "ROLLBACK PREPARED 'xa1:tandem-x7:b1:change'");
  }

  @Test
  void childrenOfAPostmasterThatDiedAloneAreWaitedFor() throws SQLException {
    var database = stack.addresses("order-db");
    var postmaster = ProcessId.running(database(stack, "order-db")).orElseThrow();
    var children = postmaster.withDescendants();
    children.remove(postmaster);
    // Frozen, so that they outlive it for as long as the test wants.
    ProcessId.signal("STOP", children);
    ProcessId.signal("KILL", Set.of(postmaster));
    assertThat(ProcessId.awaitEnd(Duration.ofSeconds(5), Set.of(postmaster))).isTrue();
    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
        .execute(() -> ProcessId.signal("CONT", children));

    stack.start("order-db");

    assertThat(children).isNotEmpty().noneMatch(ProcessId::isAlive);
    assertThat(TestShop.ask(database, "SELECT 1")).isEqualTo("1");
  }

  @Test
  void theStatusTellsWhatTheServicesKnowOfTheEvents() {
    assertThat(stack.status().messages()).isEqualTo(new MessageFlow(3L, 90L, 250L, null, 8L, 1L));

    stack.kill("order-service");
    assertThat(stack.status().messages())
        .isEqualTo(new MessageFlow(3L, 90L, null, null, null, null));
  }

  @Test
  void deadLettersAreListedAndSentAgain() {
    assertThat(stack.deadLetters().list())
        .containsExactly(
            new DeadLetters.Letter("1", "2026-11-22T12:00:00Z", "3", "5", "unreadable", "?"));
    assertThat(stack.deadLetters().redrive(null)).isEqualTo(1);
    assertThat(stack.deadLetters().redrive("1")).isEqualTo(1);
    assertThatThrownBy(() -> stack.deadLetters().redrive("2"))
        .hasMessage("order-service answers 404: There is no dead letter.");

    stack.kill("order-service");
    assertThatThrownBy(() -> stack.deadLetters().list())
        .hasMessage("order-service does not answer: ./tandem status tells more.");
  }

  @Test
  void aSecondUpIsRefusedAndChangesNothing() {
    try (var second = Stack.of(shop.settings(), StackListener.SILENT)) {
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
  void aFrozenPartIsNotHealthyUntilItGoesOn() {
    stack.freeze("tx-coordinator");
    stack.freeze("order-db");
    var status = assertTimeout(STATUS_OF_THE_FROZEN, stack::status);
    assertThat(status.part("tx-coordinator").healthy()).isFalse();
    assertThat(status.part("order-db").healthy()).isFalse();

    stack.thaw("tx-coordinator");
    stack.thaw("order-db");
    assertThat(stack.status().state()).isEqualTo(State.UP);

    stack.freeze("order-service");
    stack.down();
    assertThat(shop.heard).anyMatch(line -> line.startsWith("order-service stopped"));
  }

  @Test
  void whatEndedBeforeAnybodyWatchedIsTold() throws Exception {
    stack.kill("order-service");

    var watching = CompletableFuture.runAsync(stack::watch);

    await().until(() -> shop.heard.contains("order-service has ended"));
    stack.down();
    watching.get(WATCH_ENDS_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aRecycledPidIsNotKilled() throws IOException {
    var bystander = new ProcessBuilder("sleep", "60").start();
    try {
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
    var pid = database(stack, "customer-db");
    Files.delete(shop.home().resolve("run/customer-db.process"));

    assertThat(database(stack, "customer-db")).isEqualTo(pid);
    stack.start("customer-db");
    assertThat(shop.heard).contains("customer-db already runs (pid " + pid + ")");
    stack.down();
    assertThat(ProcessId.running(pid)).isEmpty();
  }

  private static long database(Stack stack, String name) {
    return stack.status().part(name).pid();
  }
}
