package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.stack.StackStatus.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a stack: real PostgreSQL, real processes; stand-ins for the services. */
@BesideTheShop
class StackIT {
  @TempDir private Path folder;

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
}
