package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.Verdicts;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All figures of a run; {@code report.json} is this. Its fields are described in
 * docs/results/README.md.
 *
 * @param cells each operation in each window of each round
 * @param whole the same with all rounds taken together
 * @param callMillis what one HTTP call takes, as the cost model reckons it; null if not measured
 * @param words what an operator loses, in plain words, by mode
 */
record Figures(
    RunFacts run,
    Verdicts verdicts,
    List<CellFigures> cells,
    List<CellFigures> whole,
    List<FaultFigures> faults,
    List<Timeline> timelines,
    List<CostFigures> costs,
    @Nullable Double callMillis,
    Map<String, List<String>> words) {
  static final int ALL_ROUNDS = 0;

  /** The window of the open loop without a fault. */
  static final String HEALTHY = "healthy";

  private static final double NANOS_PER_SECOND = 1e9;
  private static final List<Operation> OPERATIONS =
      List.of(
          Operation.CHANGE_LIMIT,
          Operation.PLACE_ORDER,
          Operation.CANCEL_ORDER,
          Operation.READ_CREDIT,
          Operation.READ_CUSTOMER);

  static Figures of(RunFacts run, List<Call> calls, Verdicts verdicts) {
    var measured = run.windows().stream().filter(Figures::isMeasured).toList();
    var cells = measured.stream().flatMap(window -> cells(window, calls)).toList();
    var whole = whole(measured, calls);
    var faults = run.faults().stream().filter(fault -> fault.round() > 0).toList();
    var costs = new Costs(run, calls, whole);
    var figures =
        new Figures(
            run,
            verdicts,
            cells,
            whole,
            faults.stream().flatMap(fault -> faults(fault, whole, calls)).toList(),
            faults.stream().flatMap(fault -> timelines(fault, calls)).toList(),
            costs.of(verdicts.modes()),
            costs.callMillis(),
            Map.of());
    return figures.with(Words.of(figures));
  }

  private Figures with(Map<String, List<String>> words) {
    return new Figures(run, verdicts, cells, whole, faults, timelines, costs, callMillis, words);
  }

  /** Warming up, the load before a fault, preparing and settling are not. */
  static boolean isMeasured(Window window) {
    return window.round() > 0
        && !List.of("warm-up", "before", "settle", "prepare", "control").contains(window.name());
  }

  private static Stream<CellFigures> cells(Window window, List<Call> calls) {
    return operations(
        window.mode(),
        window.round(),
        window.name(),
        (window.to() - window.from()) / NANOS_PER_SECOND,
        calls.stream()
            .filter(call -> call.mode().equals(window.mode()) && call.round() == window.round())
            .filter(call -> call.window().equals(window.name()))
            .toList());
  }

  private static List<CellFigures> whole(List<Window> windows, List<Call> calls) {
    var seconds = new LinkedHashMap<List<String>, Double>();
    windows.forEach(
        window ->
            seconds.merge(
                List.of(window.mode(), window.name()),
                (window.to() - window.from()) / NANOS_PER_SECOND,
                Double::sum));
    var whole = new ArrayList<CellFigures>();
    seconds.forEach(
        (key, length) ->
            operations(
                    key.get(0),
                    ALL_ROUNDS,
                    key.get(1),
                    length,
                    calls.stream()
                        .filter(call -> call.round() > 0 && call.mode().equals(key.get(0)))
                        .filter(call -> call.window().equals(key.get(1)))
                        .toList())
                .forEach(whole::add));
    return whole;
  }

  private static Stream<CellFigures> operations(
      String mode, int round, String window, double seconds, List<Call> calls) {
    return OPERATIONS.stream()
        .map(
            operation ->
                new CellFigures(
                    mode, round, window, operation, seconds, Answers.of(with(operation, calls))))
        .filter(cell -> cell.answers().calls() > 0);
  }

  private static Stream<FaultFigures> faults(
      FaultMark fault, List<CellFigures> whole, List<Call> calls) {
    var own = around(fault, calls);
    return OPERATIONS.stream()
        .filter(operation -> !with(operation, own).isEmpty())
        .map(
            operation ->
                FaultFigures.of(
                    fault,
                    operation,
                    in(whole, fault.mode(), HEALTHY, operation)
                        .map(cell -> cell.answers().available())
                        .orElse(0.0),
                    with(operation, own)));
  }

  private static Stream<Timeline> timelines(FaultMark fault, List<Call> calls) {
    var own = around(fault, calls);
    return OPERATIONS.stream()
        .filter(operation -> !with(operation, own).isEmpty())
        .map(operation -> Timeline.of(fault, operation, with(operation, own)));
  }

  private static List<Call> around(FaultMark fault, List<Call> calls) {
    return calls.stream()
        .filter(call -> call.mode().equals(fault.mode()) && call.round() == fault.round())
        .toList();
  }

  private static List<Call> with(Operation operation, List<Call> calls) {
    return calls.stream().filter(call -> call.operation() == operation).toList();
  }

  List<String> modes() {
    return verdicts.modes().stream().map(ModeVerdicts::mode).toList();
  }

  /** All rounds together. */
  Optional<CellFigures> whole(String mode, String window, Operation operation) {
    return in(whole, mode, window, operation);
  }

  private static Optional<CellFigures> in(
      List<CellFigures> whole, String mode, String window, Operation operation) {
    return whole.stream()
        .filter(cell -> cell.mode().equals(mode) && cell.window().equals(window))
        .filter(cell -> cell.operation() == operation)
        .findFirst();
  }

  /** The names of the faults, in the order of the run. */
  List<String> faultNames() {
    return faults.stream().map(FaultFigures::what).distinct().toList();
  }
}
