package dev.tandem.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole demo as people call it, in one mode: {@code ./mvnw verify -Pcrash}. */
@Tag("crash")
class DemoCommandIT {
  private static final StackSettings SETTINGS = settings();

  private static final Stack STACK = Stack.tiedToThisJvm(SETTINGS, (part, what) -> {});

  private final StringWriter told = new StringWriter();

  private static StackSettings settings() {
    var here = Path.of("").toAbsolutePath();
    var environment = new HashMap<>(System.getenv());
    environment.put("TANDEM_HOME", here.resolve("target/demo").toString());
    environment.put("TANDEM_PORTS", "free");
    environment.put("TANDEM_POSTGRESQL_FOLDER", here.resolve("target/postgresql").toString());
    environment.put("TANDEM_CONSISTENCY_MODE", "xa");
    environment.put("TANDEM_CONSISTENCY_ENABLED", "xa");
    return StackSettings.of(here.resolveSibling(""), environment);
  }

  @BeforeAll
  static void up() {
    STACK.up(true);
  }

  @AfterAll
  static void leaveNothing() {
    STACK.close();
  }

  @Test
  void itsExitCodeSaysWhetherEveryCheckHeld() throws Exception {
    assertThat(demo()).as(told.toString()).isZero();
    assertThat(told.toString())
        .containsPattern(
            "ok +a change was under way when order-service died +.* in (custom|ord)er-db")
        .contains("Every check held.")
        .doesNotContain("BAD");

    change(
        STACK.addresses("order-db"),
        "update credit_account set credit_limit = 501 where credit_limit = 500");
    assertThat(demo()).as(told.toString()).isEqualTo(1);
    assertThat(told.toString())
        .containsPattern("BAD +both databases have the same limits +1 of ")
        .contains("A CHECK FAILED: see BAD above.");
  }

  private int demo() {
    told.getBuffer().setLength(0);
    return Tandem.commandLine(SETTINGS).setOut(new PrintWriter(told)).execute("demo");
  }

  private static void change(PartStatus database, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }
}
