package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnStackTest {
  private static final Path ROOT = Path.of("/root-of-sources");
  private static final Path HOME = Path.of("/out/stack");

  @Test
  void whatLeadsToAnotherStackIsNotTaken() {
    var theirs =
        Map.of(
            "TANDEM_HOME", "/theirs",
            "TANDEM_PORTS", "standard",
            "TANDEM_CUSTOMER_DB_URL", "jdbc:postgresql://theirs/postgres",
            "TANDEM_CUSTOMER_DB_ADMIN_PASSWORD", "theirs",
            "TANDEM_ORDER_SERVICE_INTERNAL_PORT", "9082",
            "TANDEM_ORDER_SERVICE_TO_BROKER", "127.0.0.1:1",
            "TANDEM_CONSISTENCY_ENABLED", "xa");

    assertThat(OwnStack.environment(theirs, ROOT, HOME))
        .containsOnlyKeys(
            "TANDEM_HOME", "TANDEM_PORTS", "TANDEM_POSTGRESQL_FOLDER", "TANDEM_START_LIMIT_SECONDS")
        .containsEntry("TANDEM_HOME", "/out/stack")
        .containsEntry("TANDEM_PORTS", "free");
  }

  @Test
  void allElseIsAsEverywhere() {
    var theirs =
        Map.of(
            "PATH", "/bin",
            "TANDEM_ORDER_SERVICE_JAVA_OPTS", "-Xmx1g",
            "TANDEM_START_LIMIT_SECONDS", "300");

    assertThat(OwnStack.environment(theirs, ROOT, HOME)).containsAllEntriesOf(theirs);
  }
}
