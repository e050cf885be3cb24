package dev.tandem.stack.crash;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/**
 * Every fault at every step of a change in mode lra: {@code ./mvnw verify -Pcrash}. {@code
 * -Dcrash.cells=frozen} plays those alone whose name contains the word.
 */
@Tag("crash")
class LraCrashTableIT extends CrashTable {
  LraCrashTableIT() {
    super(
        "lra",
        Path.of("target", "lra-crash-table.md"),
        LraCells.all(),
        Aim.ofAll(Duration.ofSeconds(3)),
        Aim.ofPendingCompensations(Duration.ofSeconds(3)));
  }
}
