package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.check.Difference;
import dev.tandem.bench.check.LockTime;
import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.NegativeControl;
import dev.tandem.bench.check.Spread;
import dev.tandem.bench.check.StaleAccepts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.check.Verdicts;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConclusionTest {
  private static final Spread NONE = new Spread(0, 0, 0, 0);

  @Test
  void everyPromiseKeptAndTheLiarCaughtIsWell() {
    var conclusion = new Conclusion(verdicts(Standing.KEPT, true, true));

    assertThat(conclusion.exitCode()).isEqualTo(Bench.KEPT);
    assertThat(conclusion.lines())
        .anyMatch(line -> line.matches("xa +kept 1 of the 1 promises that it gives; .*"))
        .contains(
            "The checks have caught besteffort, which was hit between its two commits on purpose.");
  }

  @Test
  void aBrokenPromiseIsToldWithItsFirstCase() {
    var conclusion = new Conclusion(verdicts(Standing.BROKEN, true, true));

    assertThat(conclusion.exitCode()).isEqualTo(Bench.BROKEN);
    assertThat(conclusion.lines()).contains("  BROKEN: both sides agree: customer 5");
  }

  @Test
  void whatAModeDoesNotPromiseItCannotBreak() {
    assertThat(new Conclusion(verdicts(Standing.NOT_PROMISED, true, true)).exitCode())
        .isEqualTo(Bench.KEPT);
  }

  @Test
  void checksThatHaveNotSeenTheDamageAreBlindWhateverElseTheySay() {
    var conclusion = new Conclusion(verdicts(Standing.KEPT, true, false));

    assertThat(conclusion.exitCode()).isEqualTo(Bench.BLIND);
    assertThat(conclusion.lines()).anyMatch(line -> line.startsWith("BLIND: besteffort was hit"));
  }

  @Test
  void withoutAnyDamageNobodyKnowsWhetherTheChecksCanSee() {
    var conclusion = new Conclusion(verdicts(Standing.KEPT, false, false));

    assertThat(conclusion.exitCode()).isEqualTo(Bench.BLIND);
    assertThat(conclusion.lines()).anyMatch(line -> line.startsWith("BLIND: besteffort was never"));
  }

  private static Verdicts verdicts(Standing standing, boolean hit, boolean caught) {
    var wrong = standing == Standing.KEPT ? 0 : 1;
    var verdict =
        new Verdict("both sides agree", standing, 10, wrong, wrong == 0 ? "" : "customer 5", "");
    var stale = new StaleAccepts(40, 0, 0, 0, NONE, NONE, NONE, "", "");
    var difference = new Difference(10, 0, NONE, 0, NONE);
    return new Verdicts(
        List.of(
            new ModeVerdicts("xa", 10, List.of(verdict), stale, difference, new LockTime(NONE))),
        new NegativeControl(hit, caught, ""));
  }
}
