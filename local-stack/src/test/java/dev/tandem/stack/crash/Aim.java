package dev.tandem.stack.crash;

import dev.tandem.stack.shop.Evidence;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * How long half of some cells' changes may take to their end, once all parts are back.
 *
 * @param what the changes that count
 */
record Aim(String what, Predicate<Report> counts, Duration median) {
  static Aim ofAll(Duration median) {
    return new Aim("all changes", report -> true, median);
  }

  /** Those that order-service had joined and left, and that were then taken back. */
  static Aim ofPendingCompensations(Duration median) {
    return new Aim(
        "compensations that were pending when order-service came back",
        report ->
            report.cell().contains("order-service")
                && report.copyHadJoined()
                && report.outcome().equals("nothing"),
        median);
  }

  String inWords() {
    return "half of %s are over in %d s".formatted(what, median.toSeconds());
  }

  boolean isAbout(List<Report> reports) {
    return reports.stream().anyMatch(counts);
  }

  /** Of no change at all it is not. */
  Evidence reached(List<Report> reports) {
    var took = reports.stream().filter(counts).map(Report::settled).sorted().toList();
    if (took.isEmpty()) {
      return new Evidence(inWords(), false, "there was none");
    }
    var middle = took.get(took.size() / 2);
    return new Evidence(
        inWords(),
        middle.compareTo(median) <= 0,
        "median %d ms, at most %d ms, of %d"
            .formatted(middle.toMillis(), took.get(took.size() - 1).toMillis(), took.size()));
  }
}
