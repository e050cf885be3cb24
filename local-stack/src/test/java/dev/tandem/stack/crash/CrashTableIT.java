package dev.tandem.stack.crash;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/**
 * Every fault at every step of a change in mode xa: {@code ./mvnw verify -Pcrash}. {@code
 * -Dcrash.cells=frozen} plays those alone whose name contains the word.
 */
@Tag("crash")
class CrashTableIT extends CrashTable {
  CrashTableIT() {
    super("xa", Path.of("target", "crash-table.md"), Cell.all(), Aim.ofAll(Duration.ofSeconds(2)));
  }
}
