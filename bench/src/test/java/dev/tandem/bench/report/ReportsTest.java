package dev.tandem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The figures of a run that can be reckoned by hand, and where each of them is shown. */
class ReportsTest {
  private final MadeUpRun faulty = new MadeUpRun(true, "xa", "event", "besteffort");
  private final Figures figures = Figures.of(faulty.facts(), faulty.calls, faulty.verdicts());

  @TempDir private Path folder;

  @Test
  void latencyIsCountedFromTheMomentWhenACallWasDue() {
    var answers = figures.whole("xa", "healthy", Operation.CHANGE_LIMIT).orElseThrow().answers();

    assertThat(answers.calls()).isEqualTo(50);
    assertThat(answers.fromDue().p50()).isCloseTo(8, within(0.1));
    assertThat(answers.fromDue().p90()).as("a fifth is sent late").isCloseTo(108, within(0.2));
    assertThat(answers.fromSent().p99()).isCloseTo(8, within(0.1));
  }

  @Test
  void theRateIsWhatTookPlaceInTheTimeOfTheWindow() {
    assertThat(
            figures.whole("event", "closed-8", Operation.CHANGE_LIMIT).orElseThrow().okPerSecond())
        .isCloseTo(400, within(0.1));
  }

  @Test
  void underTheFaultWhatWasDueIsCounted() {
    var changes = fault("xa", Operation.CHANGE_LIMIT);

    assertThat(changes.seconds()).isEqualTo(3);
    assertThat(changes.during().calls()).isEqualTo(30);
    assertThat(changes.during().failed()).isEqualTo(30);
    assertThat(changes.during().available()).isZero();
    assertThat(fault("xa", Operation.PLACE_ORDER).during().available()).isEqualTo(1);
  }

  @Test
  void recoveryEndsWithTheAnswerFromWhichOnItStaysAsBefore() {
    assertThat(fault("xa", Operation.CHANGE_LIMIT).recoveryMillis()).isBetween(1000.0, 1210.0);
    assertThat(fault("event", Operation.CHANGE_LIMIT).recoveryMillis()).isLessThan(210);
  }

  @Test
  void aDipAfterTheRecoveryIsTold() {
    var fault = faulty.facts().faults().get(0);
    var changes =
        faulty.calls.stream()
            .filter(call -> call.mode().equals("xa") && call.operation() == Operation.CHANGE_LIMIT)
            .toList();
    long dip = fault.to() + 2_500_000_000L;
    var withDip =
        changes.stream()
            .map(call -> Math.abs(call.intended() - dip) < 300_000_000L ? failed(call) : call)
            .toList();

    var steady = FaultFigures.of(fault, Operation.CHANGE_LIMIT, 1, changes);
    var dipped = FaultFigures.of(fault, Operation.CHANGE_LIMIT, 1, withDip);
    assertThat(steady.steadyMillis()).isEqualTo(steady.recoveryMillis());
    assertThat(dipped.recoveryMillis()).isEqualTo(steady.recoveryMillis());
    assertThat(dipped.steadyMillis()).isBetween(2_700.0, 3_000.0);
  }

  private static Call failed(Call call) {
    return new Call(
        call.number(),
        call.client(),
        call.mode(),
        call.round(),
        call.window(),
        call.operation(),
        call.customer(),
        call.amount(),
        call.intended(),
        call.started(),
        call.ended(),
        Ending.FAILED,
        503,
        "part-away",
        0,
        "",
        "");
  }

  @Test
  void recoveryThatDidNotComeIsNotANumber() {
    var fault = faulty.facts().faults().get(0);
    var broken =
        faulty.calls.stream()
            .filter(call -> call.mode().equals("xa") && call.operation() == Operation.CHANGE_LIMIT)
            .filter(call -> call.intended() < fault.to() + 900_000_000L)
            .toList();

    assertThat(FaultFigures.of(fault, Operation.CHANGE_LIMIT, 1, broken).recoveryMillis()).isNull();
  }

  @Test
  void theTimelineShowsTheFaultWhereItWas() {
    var timeline =
        figures.timelines().stream()
            .filter(each -> each.mode().equals("xa"))
            .filter(each -> each.operation() == Operation.CHANGE_LIMIT)
            .findFirst()
            .orElseThrow();

    assertThat(timeline.healedAt()).isEqualTo(3);
    assertThat(timeline.moments())
        .allSatisfy(
            moment ->
                assertThat(moment.available())
                    .as("at %s", moment.at())
                    .isEqualTo(moment.at() > 0 && moment.at() < 4 ? 0 : 1));
  }

  @Test
  void theCostModelReckonsWithThisRunsDiskAndThisRunsCall() {
    var xa = figures.costs().get(0);

    assertThat(xa.httpCalls()).isEqualTo(6);
    assertThat(xa.databaseForces()).isEqualTo(4);
    assertThat(figures.callMillis())
        .as("5 ms less two forced writes, by two calls")
        .isCloseTo(2, within(0.01));
    assertThat(xa.lockMillis())
        .as("three calls and three forced writes")
        .isCloseTo(7.5, within(0.05));
    assertThat(xa.hottestPerSecond()).isCloseTo(133.3, within(1.0));
    assertThat(xa.measuredHottestPerSecond()).isCloseTo(200, within(0.1));
    assertThat(xa.hottestIntervalMillis()).isCloseTo(5, within(0.01));
    assertThat(xa.measuredLockMillis())
        .as("the database's 6 ms and a forced write")
        .isCloseTo(6.5, within(0.01));
  }

  @Test
  void theWordsAreMadeOfTheFigures() {
    var xa = String.join(" ", figures.words().get("xa"));
    assertThat(xa)
        .contains("It kept every promise that it gives (2).")
        .contains(
            "Under kill order-service, for 3 s: 0 % of the changes of limits were decided (0 of 30);")
        .contains("100 % of the orders were decided (30 of 30);")
        .contains(
            "Of 40 approved orders none was for certain above the true limit; 4 more overlapped");
    assertThat(String.join(" ", figures.words().get("event")))
        .contains(
            "3 were for certain above the true limit, by up to 20.5, with a copy that had been behind for up to 900 ms");
    assertThat(String.join(" ", figures.words().get("besteffort")))
        .contains("It promises nothing. Not promised, and not so: both sides agree (1 of 10).");
  }

  @Test
  void theReportIsWrittenBesideTheRun() throws Exception {
    faulty.write(folder);

    Reports.write(folder);

    var page = Files.readString(folder.resolve("report.html"));
    assertThat(page)
        .contains(
            "What is &lt;this&gt;?",
            "0123abc",
            "made-up, 7",
            "10 customers of each mode, hot; limits from 50 to 500, falling",
            "3 changes of limits to 1 orders",
            "0.50 ms for one forced write")
        .contains("✓ kept", "not promised", "Availability over time", "pid 1 is gone")
        .doesNotContain("<script", "http://", "https://", "NaN", "Infinity", "null");
    var summary = Files.readString(folder.resolve("summary.md"));
    assertThat(summary)
        .contains("| both sides agree | kept | kept | not promised (1 of 10) |")
        .contains("| event | 1 of 1 | 8.00 | 400 | 100 % | 100 % | 3 | 2 |")
        .contains("on purpose. By: a half-done change");
    assertThat(Files.readAllLines(folder.resolve("cells.csv")))
        .hasSize(1 + figures.cells().size())
        .contains(
            "made-up,7,xa,1,healthy,PLACE_ORDER,5.000,50,50,0,0,0,0,1.000,10.000,8.004,8.004,8.004,8.004,8.004,8.004");
    var json =
        JsonMapper.builder().build().readTree(Files.readString(folder.resolve("report.json")));
    assertThat(json.at("/run/plan/load/rate").asInt()).isEqualTo(20);
    assertThat(json.at("/run/commit").asString()).isEqualTo("0123abc");
    assertThat(json.at("/verdicts/modes/1/staleAccepts/definite").asInt()).isEqualTo(3);
    assertThat(json.at("/whole/0/answers/fromDue/p50").asDouble()).isCloseTo(8, within(0.1));
  }

  @Test
  void whatWasNotMeasuredSaysSo() throws Exception {
    var healthy = new MadeUpRun(false, "xa");
    healthy.calls.removeIf(call -> call.window().startsWith("closed"));
    healthy.windows.removeIf(window -> window.name().startsWith("closed"));
    healthy.spent.clear();
    healthy.write(folder);

    Reports.write(folder);

    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("Not measured: this plan has no fault.")
        .contains("Not measured: this plan has no closed loop.")
        .contains("<td>not measured</td>")
        .doesNotContain("NaN", "null");
    assertThat(Files.readString(folder.resolve("summary.md")))
        .contains("| xa | not measured | 6 | not measured | 4 |")
        .doesNotContain("NaN", "null");
  }

  @Test
  void aRunThatBrokeOffOrCouldNotBeTriedSaysSoBeforeAnythingElse() throws Exception {
    var broken = new MadeUpRun(false, "xa");
    broken.brokenOff = "The mode could not be switched.";
    broken.write(folder);

    Reports.write(folder);

    for (var file : List.of("report.html", "summary.md")) {
      assertThat(Files.readString(folder.resolve(file)))
          .containsSubsequence(
              "The run BROKE OFF, and was judged as far as it came: The mode could not be switched.",
              "BLIND: besteffort was never hit",
              "At a glance");
    }
  }

  @Test
  void percentagesAreRoundedDownToWhatIsTrue() {
    assertThat(List.of(1.0, 0.9999, 0.5, 0.0364, 0.0))
        .extracting(Text::percent)
        .containsExactly("100 %", "over 99.9 %", "50 %", "3.6 %", "0 %");
  }

  private FaultFigures fault(String mode, Operation operation) {
    return figures.faults().stream()
        .filter(each -> each.mode().equals(mode) && each.operation() == operation)
        .findFirst()
        .orElseThrow();
  }
}
