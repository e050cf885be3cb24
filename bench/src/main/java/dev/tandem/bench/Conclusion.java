package dev.tandem.bench;

import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.check.Verdicts;
import java.util.ArrayList;
import java.util.List;

/** What a run comes to. */
record Conclusion(Verdicts verdicts) {

  int exitCode() {
    if (verdicts.blind()) {
      return Bench.BLIND;
    }
    return verdicts.broken() ? Bench.BROKEN : Bench.KEPT;
  }

  /** For people. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("");
    for (var mode : verdicts.modes()) {
      lines.add("%-10s %s".formatted(mode.mode(), inWords(mode)));
      mode.verdicts().stream()
          .filter(verdict -> verdict.standing() == Standing.BROKEN)
          .forEach(verdict -> lines.add("  BROKEN: " + verdict.promise() + ": " + verdict.first()));
    }
    lines.add(verdicts.negativeControl().inWords());
    lines.add("");
    return lines;
  }

  private static String inWords(ModeVerdicts mode) {
    var stale = mode.staleAccepts();
    var orders =
        "; of %d approved orders %d were beyond the true limit for certain, %d perhaps"
            .formatted(stale.approved(), stale.definite(), stale.possible());
    if (count(mode, Standing.KEPT) + count(mode, Standing.BROKEN) == 0) {
      long wrong = mode.verdicts().stream().filter(verdict -> verdict.wrong() > 0).count();
      return "promises nothing; %d of %d checks found something"
              .formatted(wrong, mode.verdicts().size())
          + orders;
    }
    return "kept %d of the %d promises that it gives"
            .formatted(
                count(mode, Standing.KEPT),
                count(mode, Standing.KEPT) + count(mode, Standing.BROKEN))
        + orders;
  }

  private static long count(ModeVerdicts mode, Standing standing) {
    return mode.verdicts().stream().map(Verdict::standing).filter(standing::equals).count();
  }
}
