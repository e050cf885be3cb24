package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What part of the calls was decided, half a second by half a second, of one operation of one mode
 * around one fault.
 *
 * @param healedAt seconds after the fault
 */
record Timeline(
    String mode,
    int round,
    String fault,
    String part,
    Operation operation,
    double healedAt,
    List<Moment> moments) {

  /**
   * The calls that were due in one step.
   *
   * @param at the middle of the step, in seconds after the fault
   */
  record Moment(double at, long calls, double available) {}

  private static final long STEP = 500_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long BEFORE = 4_000_000_000L;

  /**
   * @param calls of this mode, round and operation
   */
  static Timeline of(FaultMark fault, Operation operation, List<Call> calls) {
    var steps = new TreeMap<Long, List<Call>>();
    for (var call : calls) {
      if (isWatched(call) && call.intended() >= fault.from() - BEFORE) {
        steps
            .computeIfAbsent(
                Math.floorDiv(call.intended() - fault.from(), STEP), step -> new ArrayList<>())
            .add(call);
      }
    }
    var moments =
        steps.entrySet().stream()
            .map(
                step ->
                    new Moment(
                        (step.getKey() + 0.5) * STEP / NANOS_PER_SECOND,
                        step.getValue().size(),
                        Answers.of(step.getValue()).available()))
            .toList();
    return new Timeline(
        fault.mode(),
        fault.round(),
        fault.fault(),
        fault.part(),
        operation,
        (fault.to() - fault.from()) / NANOS_PER_SECOND,
        moments);
  }

  String what() {
    return (fault + " " + part).strip();
  }

  /** Closed loops saturate on purpose: they would look like an outage. */
  private static boolean isWatched(Call call) {
    return Window.UNDER_FAULT.contains(call.window());
  }
}
