package dev.tandem.bench.report;

import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.check.Verdicts;
import java.util.List;

/** The table of modes and promises. */
final class Promised {
  private Promised() {}

  static List<String> in(Verdicts verdicts) {
    return verdicts.modes().stream()
        .flatMap(mode -> mode.verdicts().stream())
        .map(Verdict::promise)
        .distinct()
        .toList();
  }

  static Verdict verdict(ModeVerdicts mode, String promise) {
    return mode.verdicts().stream()
        .filter(each -> each.promise().equals(promise))
        .findFirst()
        .orElseThrow();
  }

  static String inWords(Verdict verdict) {
    return switch (verdict.standing()) {
      case KEPT -> "kept";
      case BROKEN -> "**BROKEN: %d of %d**".formatted(verdict.wrong(), verdict.looked());
      case NOT_PROMISED -> "not promised (%d of %d)".formatted(verdict.wrong(), verdict.looked());
    };
  }

  /** "–" where there is no measure of it. */
  static String worst(Verdict verdict) {
    return verdict.worst().isEmpty() ? "–" : verdict.worst();
  }
}
