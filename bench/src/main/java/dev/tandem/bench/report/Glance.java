package dev.tandem.bench.report;

import static dev.tandem.bench.report.Text.number;
import static dev.tandem.bench.report.Text.percent;

import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one table for who has no time: a line for each mode. */
final class Glance {
  private Glance() {}

  static List<String> columns(Figures figures) {
    var columns =
        new ArrayList<>(
            List.of("mode", "promises kept", "a change, median ms", "changes/s, 8 clients"));
    for (var fault : figures.faultNames()) {
      columns.add(fault + ": changes decided");
      columns.add("orders decided");
    }
    columns.add("stale accepts for certain");
    columns.add("possible besides");
    return columns;
  }

  static List<List<String>> rows(Figures figures) {
    return figures.verdicts().modes().stream().map(mode -> row(figures, mode)).toList();
  }

  private static List<String> row(Figures figures, ModeVerdicts mode) {
    var row = new ArrayList<>(List.of(mode.mode(), promises(mode)));
    row.add(
        figure(
            figures
                .whole(mode.mode(), Figures.HEALTHY, Operation.CHANGE_LIMIT)
                .filter(cell -> cell.answers().fromDue().count() > 0)
                .map(cell -> cell.answers().fromDue().p50())));
    row.add(
        figure(
            figures
                .whole(mode.mode(), "closed-8", Operation.CHANGE_LIMIT)
                .map(CellFigures::okPerSecond)));
    for (var fault : figures.faultNames()) {
      row.add(decided(figures, mode.mode(), fault, Operation.CHANGE_LIMIT));
      row.add(decided(figures, mode.mode(), fault, Operation.PLACE_ORDER));
    }
    row.add(String.valueOf(mode.staleAccepts().definite()));
    row.add(String.valueOf(mode.staleAccepts().possible()));
    return row;
  }

  private static String promises(ModeVerdicts mode) {
    long kept = count(mode, Standing.KEPT);
    long given = kept + count(mode, Standing.BROKEN);
    return given == 0 ? "gives none" : "%d of %d".formatted(kept, given);
  }

  private static long count(ModeVerdicts mode, Standing standing) {
    return mode.verdicts().stream().filter(each -> each.standing() == standing).count();
  }

  private static String decided(Figures figures, String mode, String fault, Operation operation) {
    var during =
        figures.faults().stream()
            .filter(each -> each.what().equals(fault) && each.mode().equals(mode))
            .filter(each -> each.operation() == operation)
            .map(FaultFigures::during)
            .toList();
    long due = during.stream().mapToLong(Answers::calls).sum();
    long decided = during.stream().mapToLong(each -> each.ok() + each.refused()).sum();
    return due == 0 ? Text.NOT_MEASURED : percent((double) decided / due);
  }

  private static String figure(Optional<Double> figure) {
    return figure.map(value -> number(value.doubleValue())).orElse(Text.NOT_MEASURED);
  }
}
