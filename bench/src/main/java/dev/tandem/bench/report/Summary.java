package dev.tandem.bench.report;

import static dev.tandem.bench.report.Text.number;
import static dev.tandem.bench.report.Text.percent;

import dev.tandem.bench.history.Operation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report in short, for a terminal, a ticket or a page of docs. */
final class Summary {
  private Summary() {}

  static String of(Figures figures) {
    return String.join(
            "\n\n",
            "# " + figures.run().plan().name(),
            figures.run().plan().question().strip(),
            String.join(" ", Head.verdict(figures)),
            head(figures),
            "## At a glance",
            table(Glance.columns(figures), Glance.rows(figures)),
            "## Promises",
            promises(figures),
            "## What an operator loses in each mode",
            words(figures),
            "## Healthy, and with clients that never wait",
            speed(figures),
            "## Cost of a change",
            costs(figures),
            "## How far to trust this",
            Head.limits(figures).stream()
                .map(each -> "- " + each)
                .collect(Collectors.joining("\n")))
        + "\n";
  }

  private static String head(Figures figures) {
    return Head.of(figures.run()).entrySet().stream()
        .map(each -> "- %s: %s".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String promises(Figures figures) {
    var modes = figures.verdicts().modes();
    var control = figures.verdicts().negativeControl();
    var table =
        table(
            Stream.concat(Stream.of("promise"), figures.modes().stream()).toList(),
            Promised.in(figures.verdicts()).stream()
                .map(
                    promise ->
                        Stream.concat(
                                Stream.of(promise),
                                modes.stream()
                                    .map(mode -> Promised.inWords(Promised.verdict(mode, promise))))
                            .toList())
                .toList());
    var found =
        modes.stream()
            .flatMap(
                mode ->
                    mode.verdicts().stream()
                        .filter(each -> each.wrong() > 0)
                        .map(
                            each ->
                                "- %s, %s: first %s; worst %s"
                                    .formatted(
                                        mode.mode(),
                                        each.promise(),
                                        each.first(),
                                        Promised.worst(each))))
            .collect(Collectors.joining("\n"));
    return table
        + (found.isEmpty() ? "" : "\n\n" + found)
        + "\n\nNegative control: "
        + control.inWords()
        + (control.caught() ? " By: " + control.by() : "");
  }

  private static String words(Figures figures) {
    return figures.words().entrySet().stream()
        .map(each -> "**%s.** %s".formatted(each.getKey(), String.join(" ", each.getValue())))
        .collect(Collectors.joining("\n\n"));
  }

  private static String speed(Figures figures) {
    var rows =
        figures.whole().stream()
            .filter(
                cell -> cell.window().equals(Figures.HEALTHY) || cell.window().startsWith("closed"))
            .filter(
                cell ->
                    List.of(Operation.CHANGE_LIMIT, Operation.PLACE_ORDER)
                        .contains(cell.operation()))
            .map(
                cell ->
                    List.of(
                        cell.window(),
                        cell.mode(),
                        Text.many(cell.operation()),
                        number(cell.okPerSecond()),
                        percent(cell.answers().available()),
                        number(cell.answers().fromDue().p50()),
                        number(cell.answers().fromDue().p99())))
            .toList();
    return rows.isEmpty()
        ? "Not measured."
        : table(
            List.of("window", "mode", "operation", "ok/s", "decided", "p50 ms", "p99 ms"), rows);
  }

  private static String costs(Figures figures) {
    return Head.costModel(figures)
        + "\n\n"
        + table(
            List.of(
                "mode",
                "HTTP calls",
                "by plan",
                "forced by databases",
                "by plan",
                "by coordinator",
                "by plan",
                "CPU ms",
                "lock ms predicted",
                "measured",
                "changes/s of one customer predicted",
                "measured",
                "ms from one to the next"),
            figures.costs().stream()
                .map(
                    cost ->
                        List.of(
                            cost.mode(),
                            number(cost.httpCalls()),
                            cost.predicted() == null
                                ? "–"
                                : String.valueOf(cost.predicted().httpCalls()),
                            number(cost.databaseForces()),
                            cost.predicted() == null
                                ? "–"
                                : String.valueOf(cost.predicted().databaseForces()),
                            number(cost.coordinatorForces()),
                            cost.predicted() == null
                                ? "–"
                                : String.valueOf(cost.predicted().coordinatorForces()),
                            number(cost.cpuMillis()),
                            number(cost.lockMillis()),
                            number(cost.measuredLockMillis()),
                            number(cost.hottestPerSecond()),
                            number(cost.measuredHottestPerSecond()),
                            number(cost.hottestIntervalMillis())))
                .toList());
  }

  private static String table(List<String> columns, List<List<String>> rows) {
    return Stream.concat(
            Stream.of(columns, columns.stream().map(column -> "---").toList()), rows.stream())
        .map(row -> row.stream().map(Text::markdown).collect(Collectors.joining(" | ", "| ", " |")))
        .collect(Collectors.joining("\n"));
  }
}
