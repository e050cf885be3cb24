package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.plan.Plans;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();

  @Test
  void aPlanThatIsNotThereIsAUsageErrorThatNamesThoseThatAre() {
    assertThat(bench("--plan", "coordinator-dawn")).isEqualTo(Bench.USAGE);
    assertThat(said.toString()).contains("There is no plan coordinator-dawn", "coordinator-down");
  }

  @Test
  void aModeThatIsNotThereIsAUsageErrorThatNamesThoseThatAre() {
    assertThat(bench("--modes", "xa,saga")).isEqualTo(Bench.USAGE);
    assertThat(said.toString())
        .contains("There is no mode saga. The modes are xa, lra, event, besteffort.");
  }

  @Test
  void anOptionThatIsNotThereIsAUsageError() {
    assertThat(bench("--speed", "9")).isEqualTo(Bench.USAGE);
    assertThat(said.toString()).contains("--speed");
  }

  @Test
  void noRoundsAreAUsageError() {
    assertThat(bench("--rounds", "0")).isEqualTo(Bench.USAGE);
    assertThat(said.toString()).contains("--rounds is to be 1 or more, not 0.");
  }

  @Test
  void aFolderWithSomethingInItIsNotWrittenTo() throws IOException {
    Files.writeString(folder.resolve("mine"), "mine");

    assertThat(bench("--out", folder.toString())).isEqualTo(Bench.USAGE);
    assertThat(said.toString()).contains(folder + " is not empty");
    assertThat(folder.toFile().list()).containsExactly("mine");
  }

  @Test
  void withoutArgumentsItIsReckonedToTakeNoMoreThanTenMinutes() {
    assertThat(Reckoning.of(Plans.find(Plans.DEFAULT), 4))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
  }

  private int bench(String... arguments) {
    var writer = new PrintWriter(said);
    return Bench.commandLine(folder).setOut(writer).setErr(writer).execute(arguments);
  }
}
