package dev.tandem.bench.report;

import static dev.tandem.bench.report.Text.many;
import static dev.tandem.bench.report.Text.number;
import static dev.tandem.bench.report.Text.percent;

import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.history.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an operator gets and loses in each mode, in sentences made of the figures alone. */
final class Words {
  private static final String FLOOR = "besteffort";
  private static final String SATURATED = "closed-8";
  private static final double MILLIS_PER_SECOND = 1000;
  private static final List<Operation> TOLD =
      List.of(Operation.CHANGE_LIMIT, Operation.PLACE_ORDER);

  private final Figures figures;

  private Words(Figures figures) {
    this.figures = figures;
  }

  static Map<String, List<String>> of(Figures figures) {
    var words = new Words(figures);
    var all = new LinkedHashMap<String, List<String>>();
    figures.verdicts().modes().forEach(mode -> all.put(mode.mode(), words.of(mode)));
    return all;
  }

  private List<String> of(ModeVerdicts mode) {
    var said = new ArrayList<String>();
    said.add(promises(mode));
    said.addAll(speed(mode.mode()));
    figures.faultNames().forEach(fault -> said.addAll(under(fault, mode.mode())));
    said.add(stale(mode));
    said.add(difference(mode));
    return said;
  }

  private static String promises(ModeVerdicts mode) {
    long given = count(mode, Standing.KEPT) + count(mode, Standing.BROKEN);
    var broken = with(mode, Standing.BROKEN);
    var not = with(mode, Standing.NOT_PROMISED).stream().filter(each -> each.wrong() > 0).toList();
    var said =
        broken.isEmpty()
            ? given == 0
                ? "It promises nothing."
                : "It kept every promise that it gives (%d).".formatted(given)
            : "It BROKE %d of the %d promises that it gives: %s."
                .formatted(broken.size(), given, counts(broken));
    return not.isEmpty() ? said : said + " Not promised, and not so: %s.".formatted(counts(not));
  }

  private static String counts(List<Verdict> verdicts) {
    return String.join(
        "; ",
        verdicts.stream()
            .map(each -> "%s (%d of %d)".formatted(each.promise(), each.wrong(), each.looked()))
            .toList());
  }

  private List<String> speed(String mode) {
    var said = new ArrayList<String>();
    for (var operation : TOLD) {
      figures
          .whole(mode, Figures.HEALTHY, operation)
          .filter(cell -> cell.answers().fromDue().count() > 0)
          .map(
              cell ->
                  "Healthy, half of the %s were answered within %s ms, 99 of 100 within %s ms%s; %s of them were decided."
                      .formatted(
                          many(operation),
                          number(cell.answers().fromDue().p50()),
                          number(cell.answers().fromDue().p99()),
                          besideTheFloor(cell),
                          percent(cell.answers().available())))
          .ifPresent(said::add);
    }
    figures
        .whole(mode, SATURATED, Operation.CHANGE_LIMIT)
        .map(
            cell ->
                "Eight clients that never wait got %s changes a second%s."
                    .formatted(number(cell.okPerSecond()), rateBesideTheFloor(cell)))
        .ifPresent(said::add);
    return said;
  }

  private String besideTheFloor(CellFigures cell) {
    return cell.mode().equals(FLOOR)
        ? ""
        : figures
            .whole(FLOOR, cell.window(), cell.operation())
            .map(floor -> floor.answers().fromDue().p50())
            .filter(floor -> floor > 0)
            .map(
                floor ->
                    ", %s times the median of the floor (besteffort)"
                        .formatted(number(cell.answers().fromDue().p50() / floor)))
            .orElse("");
  }

  private String rateBesideTheFloor(CellFigures cell) {
    return cell.mode().equals(FLOOR)
        ? ""
        : figures
            .whole(FLOOR, cell.window(), cell.operation())
            .map(CellFigures::okPerSecond)
            .filter(floor -> floor > 0)
            .map(floor -> ", %s of the floor's rate".formatted(number(cell.okPerSecond() / floor)))
            .orElse("");
  }

  private List<String> under(String fault, String mode) {
    return TOLD.stream()
        .map(
            operation ->
                figures.faults().stream()
                    .filter(each -> each.what().equals(fault) && each.mode().equals(mode))
                    .filter(each -> each.operation() == operation)
                    .toList())
        .filter(found -> !found.isEmpty())
        .map(Words::under)
        .toList();
  }

  /** One operation under one fault, in one or more rounds. */
  private static String under(List<FaultFigures> rounds) {
    var first = rounds.get(0);
    long due = rounds.stream().mapToLong(each -> each.during().calls()).sum();
    long decided =
        rounds.stream().mapToLong(each -> each.during().ok() + each.during().refused()).sum();
    long unknown = rounds.stream().mapToLong(each -> each.during().unknown()).sum();
    double seconds = rounds.stream().mapToDouble(FaultFigures::seconds).average().orElse(0);
    var during =
        due == 0
            ? "no %s were due".formatted(many(first.operation()))
            : "%s of the %s were decided (%d of %d%s)"
                .formatted(
                    percent((double) decided / due),
                    many(first.operation()),
                    decided,
                    due,
                    unknown == 0 ? "" : "; of %d nobody knew what became".formatted(unknown));
    return "Under %s, for %s s: %s; %s."
        .formatted(first.what(), number(seconds), during, recovery(rounds));
  }

  private static String recovery(List<FaultFigures> rounds) {
    if (rounds.stream().anyMatch(each -> each.recoveryMillis() == null)) {
      double watched = rounds.stream().mapToDouble(FaultFigures::watchedSeconds).min().orElse(0);
      return watched == 0
          ? "whether it came back was not measured"
          : "within the %s s that were watched after the healing it was not as before"
              .formatted(number(watched));
    }
    double seconds = slowest(rounds, FaultFigures::recoveryMillis);
    boolean neverSteady = rounds.stream().anyMatch(each -> each.steadyMillis() == null);
    double steady = slowest(rounds, FaultFigures::steadyMillis);
    var dips =
        neverSteady
            ? ", but not steadily while it was watched"
            : steady > seconds + 1
                ? ", but steadily only after %s s".formatted(number(steady))
                : "";
    return "after the healing it was as before within %s s%s".formatted(number(seconds), dips);
  }

  private static double slowest(
      List<FaultFigures> rounds, Function<FaultFigures, @Nullable Double> millis) {
    return rounds.stream()
            .map(millis)
            .filter(Objects::nonNull)
            .mapToDouble(each -> Objects.requireNonNull(each))
            .max()
            .orElse(0)
        / MILLIS_PER_SECOND;
  }

  private static String stale(ModeVerdicts mode) {
    var stale = mode.staleAccepts();
    if (stale.approved() == 0) {
      return "No order was approved, so nothing is known of stale accepts.";
    }
    var overlapping =
        stale.possible() == 0
            ? "no other can have been"
            : "%d more overlapped a change and may have been".formatted(stale.possible());
    return stale.definite() == 0
        ? "Of %d approved orders none was for certain above the true limit; %s."
            .formatted(stale.approved(), overlapping)
        : "Of %d approved orders %d were for certain above the true limit, by up to %s, with a copy that had been behind for up to %s ms; %s."
            .formatted(
                stale.approved(),
                stale.definite(),
                number(stale.excess().max()),
                number(stale.behindMillis().max()),
                overlapping);
  }

  private static String difference(ModeVerdicts mode) {
    var difference = mode.difference();
    if (difference.changes() == 0) {
      return "No limit was changed, so nothing is known of how long both sides differ.";
    }
    return "Calls of this load saw both sides differ in %d of %d changes%s."
        .formatted(
            difference.seenDiffering(),
            difference.changes(),
            difference.seenDiffering() == 0
                ? ""
                : ", for at least %s ms in the longest case"
                    .formatted(number(difference.atLeastMillis().max())));
  }

  private static List<Verdict> with(ModeVerdicts mode, Standing standing) {
    return mode.verdicts().stream().filter(each -> each.standing() == standing).toList();
  }

  private static long count(ModeVerdicts mode, Standing standing) {
    return with(mode, standing).size();
  }
}
