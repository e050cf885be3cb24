package dev.tandem.bench.report;

import static dev.tandem.bench.report.Text.html;
import static dev.tandem.bench.report.Text.many;
import static dev.tandem.bench.report.Text.number;
import static dev.tandem.bench.report.Text.percent;

import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.history.Operation;
import dev.tandem.bench.report.Chart.Band;
import dev.tandem.bench.report.Chart.Bar;
import dev.tandem.bench.report.Chart.Point;
import dev.tandem.bench.report.Chart.Series;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report as one HTML page that needs nothing else: no script, no font, no address. */
final class Page {
  private static final List<Operation> CHARTED =
      List.of(Operation.CHANGE_LIMIT, Operation.PLACE_ORDER);
  private static final double MILLIS_PER_SECOND = 1000;

  private final Figures figures;
  private final StringBuilder page = new StringBuilder();

  private Page(Figures figures) {
    this.figures = figures;
  }

  static String of(Figures figures) {
    return new Page(figures).write();
  }

  private String write() {
    page.append("<!doctype html><html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width, initial-scale=1'>")
        .append("<title>Tandem: ")
        .append(html(figures.run().plan().name()))
        .append("</title><style>")
        .append(style())
        .append("</style></head><body><main>");
    head();
    heading("At a glance");
    table(Glance.columns(figures), Glance.rows(figures));
    promises();
    words();
    legend();
    availability();
    recovery();
    latency();
    throughput();
    staleness();
    costs();
    limits();
    return page.append("</main></body></html>\n").toString();
  }

  private static String style() {
    try (var css = Objects.requireNonNull(Page.class.getResourceAsStream("report.css"))) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() {
    var run = figures.run();
    page.append("<h1>").append(html(run.plan().name())).append("</h1>");
    paragraph(run.plan().question());
    verdict();
    var facts = new ArrayList<List<String>>();
    Head.of(run).forEach((name, value) -> facts.add(List.of(name, value)));
    page.append("<details><summary>What ran, and where</summary>");
    table(List.of("", ""), facts);
    page.append("</details>");
  }

  private void verdict() {
    var verdicts = figures.verdicts();
    boolean good = !verdicts.blind() && !verdicts.broken();
    page.append("<p class='").append(good ? "good" : "bad").append("'>");
    Head.verdict(figures).forEach(sentence -> page.append(html(sentence)).append(' '));
    page.append("</p>");
  }

  private void promises() {
    heading("Promises");
    var modes = figures.verdicts().modes();
    var rows = new ArrayList<List<String>>();
    for (var promise : Promised.in(figures.verdicts())) {
      var row = new ArrayList<String>(List.of(html(promise)));
      modes.forEach(mode -> row.add(cell(Promised.verdict(mode, promise))));
      rows.add(row);
    }
    rawTable(columns("promise"), rows);
    var findings =
        modes.stream()
            .flatMap(
                mode ->
                    mode.verdicts().stream()
                        .filter(each -> each.wrong() > 0)
                        .map(each -> finding(mode, each)))
            .toList();
    if (!findings.isEmpty()) {
      page.append("<details><summary>The first and the worst of each</summary><ul>");
      findings.forEach(each -> page.append("<li>").append(each).append("</li>"));
      page.append("</ul></details>");
    }
    if (figures.verdicts().negativeControl().caught()) {
      note("Caught on purpose: " + figures.verdicts().negativeControl().by());
    }
  }

  private static String cell(Verdict verdict) {
    var counted = "%d of %d".formatted(verdict.wrong(), verdict.looked());
    return switch (verdict.standing()) {
      case KEPT -> "<span class='kept'>✓ kept</span> <small>0 of " + verdict.looked() + "</small>";
      case BROKEN -> "<span class='broken'>✗ BROKEN</span> <small>" + counted + "</small>";
      case NOT_PROMISED -> "<span class='open'>not promised</span> <small>" + counted + "</small>";
    };
  }

  private static String finding(ModeVerdicts mode, Verdict verdict) {
    return html(
        "%s, %s: %s; the worst: %s"
            .formatted(mode.mode(), verdict.promise(), verdict.first(), Promised.worst(verdict)));
  }

  private void words() {
    heading("What an operator loses in each mode");
    figures
        .words()
        .forEach(
            (mode, said) -> {
              page.append("<h3><span class='swatch m")
                  .append(style(mode))
                  .append("'></span>")
                  .append(html(mode))
                  .append("</h3>");
              list(said);
            });
  }

  private void legend() {
    page.append("<p class='legend'>");
    figures
        .modes()
        .forEach(
            mode ->
                page.append("<span><svg class='key' viewBox='0 0 34 10'><polyline class='line m")
                    .append(style(mode))
                    .append("' points='2,5 32,5'/></svg>")
                    .append(html(mode))
                    .append("</span> "));
    page.append("</p>");
  }

  private void availability() {
    heading("Availability over time");
    if (figures.timelines().isEmpty()) {
      paragraph("Not measured: this plan has no fault.");
      return;
    }
    note(
        "The part of the calls that were decided, by the half second in which they were due; rounds with the same fault together. Grey: from the fault to its healing (the mean of all modes and rounds).");
    for (var fault : figures.faultNames()) {
      page.append("<h3>").append(html(fault)).append("</h3><div class='charts'>");
      Stream.of(Operation.values()).forEach(operation -> availability(fault, operation));
      page.append("</div>");
    }
  }

  private void availability(String fault, Operation operation) {
    var own =
        figures.timelines().stream()
            .filter(each -> each.what().equals(fault) && each.operation() == operation)
            .toList();
    if (own.isEmpty()) {
      return;
    }
    double healed = own.stream().mapToDouble(Timeline::healedAt).average().orElse(0);
    var series =
        figures.modes().stream()
            .map(mode -> new Series(mode, style(mode), together(own, mode)))
            .toList();
    figure(
        many(operation),
        Chart.lines(
            many(operation) + " under " + fault,
            "seconds after the fault",
            "% decided",
            100,
            series,
            List.of(new Band(0, healed, "fault"))));
  }

  private static List<Point> together(List<Timeline> all, String mode) {
    var calls = new TreeMap<Double, Double>();
    var decided = new TreeMap<Double, Double>();
    all.stream()
        .filter(each -> each.mode().equals(mode))
        .flatMap(each -> each.moments().stream())
        .forEach(
            moment -> {
              calls.merge(moment.at(), (double) moment.calls(), Double::sum);
              decided.merge(moment.at(), moment.calls() * moment.available(), Double::sum);
            });
    return calls.entrySet().stream()
        .map(
            each ->
                new Point(
                    each.getKey(),
                    100 * decided.getOrDefault(each.getKey(), 0.0) / each.getValue()))
        .toList();
  }

  private void recovery() {
    heading("Recovery after the fault's end");
    if (figures.faults().isEmpty()) {
      paragraph("Not measured: this plan has no fault.");
      return;
    }
    note(
        "From the healing (for a killed part: it runs and is healthy again) to the first answer from which on, for a second, nine tenths as many calls were decided as while all was well. Steadily: from which on that was so in every second that was watched.");
    page.append("<div class='charts'>");
    for (var fault : figures.faultNames()) {
      for (var operation : CHARTED) {
        var bars = figures.modes().stream().flatMap(mode -> bar(fault, operation, mode)).toList();
        if (!bars.isEmpty()) {
          figure(
              fault + ": " + many(operation),
              Chart.bars("recovery of " + many(operation) + " after " + fault, bars));
        }
      }
    }
    page.append("</div>");
    rawTable(
        List.of(
            "fault",
            "operation",
            "mode",
            "rounds",
            "s of fault",
            "due",
            "decided",
            "failed",
            "busy",
            "unknown",
            "recovery s",
            "steadily s"),
        figures.faultNames().stream().flatMap(this::rows).toList());
  }

  private Stream<Bar> bar(String fault, Operation operation, String mode) {
    var own = faults(fault, operation, mode);
    if (own.isEmpty()) {
      return Stream.empty();
    }
    var seconds = slowest(own, FaultFigures::recoveryMillis);
    return Stream.of(
        new Bar(
            mode,
            style(mode),
            seconds == null ? 0 : seconds,
            seconds == null
                ? "not within " + number(watched(own)) + " s"
                : number(seconds)
                    + " s"
                    + (own.size() > 1 ? " (slowest of " + own.size() + ")" : "")));
  }

  private Stream<List<String>> rows(String fault) {
    return Stream.of(Operation.values())
        .flatMap(
            operation ->
                figures.modes().stream()
                    .map(mode -> faults(fault, operation, mode))
                    .filter(own -> !own.isEmpty())
                    .map(Page::row));
  }

  private static List<String> row(List<FaultFigures> own) {
    var first = own.get(0);
    long due = own.stream().mapToLong(each -> each.during().calls()).sum();
    long decided =
        own.stream().mapToLong(each -> each.during().ok() + each.during().refused()).sum();
    var slowest = slowest(own, FaultFigures::recoveryMillis);
    var steady = slowest(own, FaultFigures::steadyMillis);
    return List.of(
        html(first.what()),
        html(many(first.operation())),
        html(first.mode()),
        String.valueOf(own.size()),
        number(own.stream().mapToDouble(FaultFigures::seconds).average().orElse(0)),
        String.valueOf(due),
        due == 0 ? Text.NOT_MEASURED : percent((double) decided / due),
        String.valueOf(own.stream().mapToLong(each -> each.during().failed()).sum()),
        String.valueOf(own.stream().mapToLong(each -> each.during().busy()).sum()),
        String.valueOf(own.stream().mapToLong(each -> each.during().unknown()).sum()),
        slowest == null ? "not within " + number(watched(own)) : number(slowest),
        steady == null ? "not within " + number(watched(own)) : number(steady));
  }

  private List<FaultFigures> faults(String fault, Operation operation, String mode) {
    return figures.faults().stream()
        .filter(each -> each.what().equals(fault) && each.mode().equals(mode))
        .filter(each -> each.operation() == operation)
        .toList();
  }

  /** Of all rounds; null if one of them was not as before while it was watched. */
  private static @Nullable Double slowest(
      List<FaultFigures> own, Function<FaultFigures, @Nullable Double> figure) {
    double slowest = 0;
    for (var each : own) {
      var millis = figure.apply(each);
      if (millis == null) {
        return null;
      }
      slowest = Math.max(slowest, millis / MILLIS_PER_SECOND);
    }
    return slowest;
  }

  private static double watched(List<FaultFigures> own) {
    return own.stream().mapToDouble(FaultFigures::watchedSeconds).min().orElse(0);
  }

  private void latency() {
    heading("Latency, healthy");
    note(
        "From the moment when a call was due, so that one that had to wait for its turn counts in full; of calls that were decided. All rounds together.");
    var healthy =
        figures.whole().stream().filter(cell -> cell.window().equals(Figures.HEALTHY)).toList();
    if (healthy.isEmpty()) {
      paragraph("Not measured.");
      return;
    }
    page.append("<div class='charts'>");
    for (var operation : CHARTED) {
      latencyBars(operation, "median", cell -> cell.answers().fromDue().p50());
      latencyBars(operation, "99 of 100", cell -> cell.answers().fromDue().p99());
    }
    page.append("</div>");
    rawTable(
        List.of(
            "operation",
            "mode",
            "calls",
            "per s",
            "decided",
            "p50 ms",
            "p90 ms",
            "p99 ms",
            "max ms",
            "p50 ms from sending"),
        healthy.stream()
            .sorted(Comparator.comparing(CellFigures::operation))
            .map(Page::latencyRow)
            .toList());
  }

  private void latencyBars(
      Operation operation, String name, ToDoubleFunction<CellFigures> percentile) {
    var bars =
        figures.modes().stream()
            .flatMap(mode -> figures.whole(mode, Figures.HEALTHY, operation).stream())
            .filter(cell -> cell.answers().fromDue().count() > 0)
            .map(
                cell ->
                    new Bar(
                        cell.mode(),
                        style(cell.mode()),
                        percentile.applyAsDouble(cell),
                        number(percentile.applyAsDouble(cell)) + " ms"))
            .toList();
    if (!bars.isEmpty()) {
      figure(many(operation) + ", " + name, Chart.bars(many(operation) + ", " + name, bars));
    }
  }

  private static List<String> latencyRow(CellFigures cell) {
    var answers = cell.answers();
    var due = answers.fromDue();
    return List.of(
        html(many(cell.operation())),
        html(cell.mode()),
        String.valueOf(answers.calls()),
        number(cell.seconds() == 0 ? 0 : answers.calls() / cell.seconds()),
        percent(answers.available()),
        number(due.p50()),
        number(due.p90()),
        number(due.p99()),
        number(due.max()),
        number(answers.fromSent().p50()));
  }

  private void throughput() {
    heading("Throughput against latency");
    note(
        "Clients that never wait: one, then eight, nothing but changes of limits; a point for each round is in cells.csv. Such a loop shows what goes through; its latency is that of the clients who are served, not of those who would come anyway.");
    var series =
        figures.modes().stream()
            .map(
                mode ->
                    new Series(
                        mode,
                        style(mode),
                        Stream.of("closed-1", "closed-8")
                            .flatMap(
                                window ->
                                    figures.whole(mode, window, Operation.CHANGE_LIMIT).stream())
                            .map(
                                cell ->
                                    new Point(cell.okPerSecond(), cell.answers().fromSent().p50()))
                            .toList()))
            .filter(each -> !each.points().isEmpty())
            .toList();
    if (series.isEmpty()) {
      paragraph("Not measured: this plan has no closed loop.");
      return;
    }
    page.append("<div class='charts'>");
    figure(
        "changes of limits",
        Chart.lines(
            "throughput against latency",
            "changes a second",
            "ms at the median",
            0,
            series,
            List.of()));
    page.append("</div>");
    rawTable(
        List.of("clients", "mode", "changes/s", "p50 ms", "p99 ms", "not decided"),
        Stream.of("closed-1", "closed-8", "closed-hot")
            .flatMap(
                window ->
                    figures.modes().stream()
                        .flatMap(
                            mode -> figures.whole(mode, window, Operation.CHANGE_LIMIT).stream()))
            .map(
                cell ->
                    List.of(
                        cell.window().replace("closed-", "").replace("hot", "8 on one customer"),
                        html(cell.mode()),
                        number(cell.okPerSecond()),
                        number(cell.answers().fromSent().p50()),
                        number(cell.answers().fromSent().p99()),
                        percent(1 - cell.answers().available())))
            .toList());
  }

  private void staleness() {
    heading("Staleness");
    note(
        "By the driver's clock alone. Definite: whatever version was the true one when the order was decided, it was newer than the one it was decided on and would have refused it. Possible: order and change overlapped, nobody can say. Seen to differ: one side had shown a version, and a call sent after that still saw an older one on the other side; what happens between two calls is not seen.");
    page.append("<div class='charts'>");
    bars(
        "orders above the true limit, for certain",
        mode -> (double) mode.staleAccepts().definite());
    bars(
        "orders that overlapped a change and may have been",
        mode -> (double) mode.staleAccepts().possible());
    page.append("</div>");
    rawTable(
        List.of(
            "mode",
            "approved",
            "definite",
            "possible",
            "not judged",
            "above by, at most",
            "copy behind ms p50",
            "max",
            "changes",
            "seen to differ",
            "at least ms p99",
            "max",
            "first seen at the copy ms p50",
            "p99"),
        figures.verdicts().modes().stream().map(Page::staleRow).toList());
  }

  private void bars(String title, ToDoubleFunction<ModeVerdicts> value) {
    figure(
        title,
        Chart.bars(
            title,
            figures.verdicts().modes().stream()
                .map(
                    mode ->
                        new Bar(
                            mode.mode(),
                            style(mode.mode()),
                            value.applyAsDouble(mode),
                            "%s of %d"
                                .formatted(
                                    number(value.applyAsDouble(mode)),
                                    mode.staleAccepts().approved())))
                .toList()));
  }

  private static List<String> staleRow(ModeVerdicts mode) {
    var stale = mode.staleAccepts();
    var difference = mode.difference();
    return List.of(
        html(mode.mode()),
        String.valueOf(stale.approved()),
        String.valueOf(stale.definite()),
        String.valueOf(stale.possible()),
        String.valueOf(stale.notJudged()),
        stale.definite() == 0 ? "–" : number(stale.excess().max()),
        stale.definite() == 0 ? "–" : number(stale.behindMillis().p50()),
        stale.definite() == 0 ? "–" : number(stale.behindMillis().max()),
        String.valueOf(difference.changes()),
        String.valueOf(difference.seenDiffering()),
        difference.seenDiffering() == 0 ? "–" : number(difference.atLeastMillis().p99()),
        difference.seenDiffering() == 0 ? "–" : number(difference.atLeastMillis().max()),
        difference.firstSeenMillis().count() == 0
            ? Text.NOT_MEASURED
            : number(difference.firstSeenMillis().p50()),
        difference.firstSeenMillis().count() == 0
            ? Text.NOT_MEASURED
            : number(difference.firstSeenMillis().p99()));
  }

  private void costs() {
    heading("What a change costs");
    note(Head.costModel(figures));
    rawTable(
        List.of(
            "mode",
            "HTTP calls: plan",
            "counted",
            "forced by databases: plan",
            "counted",
            "by coordinator: plan",
            "counted",
            "CPU ms",
            "lock ms: predicted",
            "measured",
            "one customer, changes/s: predicted",
            "measured",
            "ms from one to the next"),
        figures.costs().stream().map(Page::costRow).toList());
    page.append("<ul>");
    figures.costs().stream()
        .filter(cost -> cost.predicted() != null)
        .forEach(
            cost ->
                page.append("<li>")
                    .append(
                        html(
                            cost.mode()
                                + ": "
                                + Objects.requireNonNull(cost.predicted()).lockedBy()))
                    .append("</li>"));
    page.append("</ul>");
  }

  private static List<String> costRow(CostFigures cost) {
    var plan = cost.predicted();
    return List.of(
        html(cost.mode()),
        plan == null ? "–" : String.valueOf(plan.httpCalls()),
        number(cost.httpCalls()),
        plan == null ? "–" : String.valueOf(plan.databaseForces()),
        number(cost.databaseForces()),
        plan == null ? "–" : String.valueOf(plan.coordinatorForces()),
        number(cost.coordinatorForces()),
        number(cost.cpuMillis()),
        number(cost.lockMillis()),
        number(cost.measuredLockMillis()),
        number(cost.hottestPerSecond()),
        number(cost.measuredHottestPerSecond()),
        number(cost.hottestIntervalMillis()));
  }

  private void limits() {
    heading("How far to trust this");
    list(Head.limits(figures));
  }

  private int style(String mode) {
    return Math.max(0, List.of("xa", "lra", "event", "besteffort").indexOf(mode));
  }

  private List<String> columns(String first) {
    return Stream.concat(Stream.of(first), figures.modes().stream().map(Text::html)).toList();
  }

  private void heading(String text) {
    page.append("<h2>").append(html(text)).append("</h2>");
  }

  private void paragraph(String text) {
    page.append("<p>").append(html(text)).append("</p>");
  }

  private void list(List<String> sentences) {
    page.append("<ul>");
    sentences.forEach(each -> page.append("<li>").append(html(each)).append("</li>"));
    page.append("</ul>");
  }

  private void note(String text) {
    page.append("<p class='note'>").append(html(text)).append("</p>");
  }

  private void figure(String caption, String svg) {
    page.append("<figure><figcaption>")
        .append(html(caption))
        .append("</figcaption>")
        .append(svg)
        .append("</figure>");
  }

  private void table(List<String> columns, List<List<String>> rows) {
    rawTable(columns, rows.stream().map(row -> row.stream().map(Text::html).toList()).toList());
  }

  /** Cells are HTML already. */
  private void rawTable(List<String> columns, List<List<String>> rows) {
    page.append("<div class='wide'><table>");
    if (!columns.stream().allMatch(String::isEmpty)) {
      page.append(
          columns.stream()
              .collect(Collectors.joining("</th><th>", "<thead><tr><th>", "</th></tr></thead>")));
    }
    page.append("<tbody>");
    rows.forEach(
        row ->
            page.append(
                row.stream().collect(Collectors.joining("</td><td>", "<tr><td>", "</td></tr>"))));
    page.append("</tbody></table></div>");
  }
}
