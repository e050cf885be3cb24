package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.Verdicts;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.History;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny plan on a real stack, from the command to what it leaves. */
@Tag("crash")
class BenchIT {
  private static final String TINY =
      """
      question: Does the bench work?
      load: {rate: 30, customers: 4}
      windows: {first-warm-up: 0.5, warm-up: 0.5, healthy: 1.5, closed: 0.5, fault: 1, after: 1}
      healthy-rounds: 2
      rounds: 1
      faults:
        - {fault: freeze, part: order-service}
      """;

  @TempDir private Path folder;

  @Test
  void aTinyPlanIsCarriedOutCheckedAndLeavesNothingRunning() throws Exception {
    var plan = Files.writeString(folder.resolve("tiny.yaml"), TINY);
    var out = folder.resolve("out");
    var said = new StringWriter();
    var writer = new PrintWriter(said);

    int exitCode =
        Bench.commandLine(Path.of(".."))
            .setOut(writer)
            .setErr(writer)
            .execute("--plan", plan.toString(), "--modes", "xa", "--out", out.toString());

    assertThat(exitCode).as("%s", said).isEqualTo(Bench.KEPT);
    var facts = RunFacts.FILE.read(out);
    assertThat(facts.plan().name()).isEqualTo("tiny");
    assertThat(facts.brokenOff()).isEmpty();
    assertThat(facts.machine().fsyncMillisP50()).isPositive();
    assertThat(facts.versions()).containsKey("postgresql").doesNotContainValue("unknown");
    assertThat(facts.windows())
        .filteredOn(window -> window.mode().equals("xa") && window.round() == 1)
        .extracting(Window::name)
        .containsExactly(
            "warm-up",
            "healthy",
            "closed-1",
            "closed-8",
            "closed-hot",
            "settle",
            "before",
            "fault",
            "after",
            "settle");
    assertThat(facts.faults())
        .extracting(FaultMark::mode, FaultMark::fault, FaultMark::part)
        .contains(
            tuple("xa", "freeze", "order-service"), tuple("besteffort", "kill", "order-service"));
    assertThat(facts.faults()).extracting(FaultMark::evidence).allMatch(seen -> !seen.isEmpty());
    assertThat(facts.spent()).allMatch(spent -> spent.changes() > 0 && spent.databaseForces() > 0);
    assertThat(History.read(out.resolve(History.FILE)))
        .extracting(Call::window)
        .contains("prepare", "healthy", "fault", "after", "control");
    assertThat(said.toString())
        .contains("The checks have caught besteffort, which was hit between its two commits");
    assertThat(Verdicts.FILE.read(out).blind()).isFalse();
    assertThat(out.toFile().list())
        .contains("report.html", "summary.md", "report.json", "cells.csv");
    assertThat(out.resolve("stack").toFile().list()).containsExactly("logs");
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }
}
