package dev.tandem.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line for each operation in each window of each round; times in milliseconds. */
final class CellTable {
  private static final List<String> COLUMNS =
      List.of(
          "plan",
          "seed",
          "mode",
          "round",
          "window",
          "operation",
          "seconds",
          "calls",
          "ok",
          "refused",
          "busy",
          "failed",
          "unknown",
          "available",
          "ok_per_second",
          "p50_from_due",
          "p90_from_due",
          "p99_from_due",
          "max_from_due",
          "p50_from_sent",
          "p99_from_sent");

  private CellTable() {}

  static String of(Figures figures) {
    return Stream.concat(
                Stream.of(String.join(",", COLUMNS)),
                figures.cells().stream().map(cell -> line(figures, cell)))
            .collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String line(Figures figures, CellFigures cell) {
    var answers = cell.answers();
    return Stream.of(
            figures.run().plan().name(),
            figures.run().seed(),
            cell.mode(),
            cell.round(),
            cell.window(),
            cell.operation(),
            cell.seconds(),
            answers.calls(),
            answers.ok(),
            answers.refused(),
            answers.busy(),
            answers.failed(),
            answers.unknown(),
            answers.available(),
            cell.okPerSecond(),
            answers.fromDue().p50(),
            answers.fromDue().p90(),
            answers.fromDue().p99(),
            answers.fromDue().max(),
            answers.fromSent().p50(),
            answers.fromSent().p99())
        .map(CellTable::text)
        .collect(Collectors.joining(","));
  }

  private static String text(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.3f", number)
        : String.valueOf(value).replace(',', ' ');
  }
}
