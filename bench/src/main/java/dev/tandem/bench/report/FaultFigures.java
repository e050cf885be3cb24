package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Operation;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one mode under one fault.
 *
 * @param seconds from the fault to its healing
 * @param during of the calls that were due in that time
 * @param healthyShare of the calls that were decided while all was well, in all rounds
 * @param recoveryMillis from the healing to the answer from which on, for a second, nine tenths of
 *     the healthy share were decided again; null if that did not come while it was watched
 * @param steadyMillis the same, from which on it stayed so in every whole second that was watched;
 *     null if that did not come
 * @param watchedSeconds for how long calls were made after the healing
 */
record FaultFigures(
    String mode,
    int round,
    String fault,
    String part,
    Operation operation,
    double seconds,
    Answers during,
    double healthyShare,
    @Nullable Double recoveryMillis,
    @Nullable Double steadyMillis,
    double watchedSeconds) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long SUSTAINED = 1_000_000_000L;
  private static final double AS_GOOD = 0.9;

  /**
   * @param healthyShare as the figures have it
   * @param calls of this mode, round and operation, in any order
   */
  static FaultFigures of(
      FaultMark fault, Operation operation, double healthyShare, List<Call> calls) {
    var during = calls.stream().filter(call -> isDue(call, fault.from(), fault.to())).toList();
    var after =
        calls.stream()
            .filter(call -> call.intended() >= fault.to() && !call.window().equals("settle"))
            .sorted(Comparator.comparingLong(Call::intended))
            .toList();
    return new FaultFigures(
        fault.mode(),
        fault.round(),
        fault.fault(),
        fault.part(),
        operation,
        (fault.to() - fault.from()) / NANOS_PER_SECOND,
        Answers.of(during),
        healthyShare,
        recovery(fault.to(), after, healthyShare),
        steady(fault.to(), after, healthyShare),
        after.isEmpty()
            ? 0
            : (after.get(after.size() - 1).intended() - fault.to()) / NANOS_PER_SECOND);
  }

  String what() {
    return (fault + " " + part).strip();
  }

  private static @Nullable Double recovery(long healed, List<Call> after, double healthyShare) {
    for (int first = 0; first < after.size(); first++) {
      var call = after.get(first);
      if (Answers.isDecided(call) && isGood(after, first, healthyShare)) {
        return Math.max(0, call.ended() - healed) / NANOS_PER_MILLI;
      }
    }
    return null;
  }

  private static @Nullable Double steady(long healed, List<Call> after, double healthyShare) {
    int afterLastBad = 0;
    for (int first = 0; first < after.size(); first++) {
      if (isWholeSecond(after, first) && !isGood(after, first, healthyShare)) {
        afterLastBad = first + 1;
      }
    }
    return after.subList(afterLastBad, after.size()).stream()
        .filter(Answers::isDecided)
        .findFirst()
        .map(call -> Math.max(0, call.ended() - healed) / NANOS_PER_MILLI)
        .orElse(null);
  }

  /** Too few calls are left at the end to tell a share of them. */
  private static boolean isWholeSecond(List<Call> after, int first) {
    return after.get(after.size() - 1).intended() - after.get(first).intended() >= SUSTAINED;
  }

  /** Of the second that begins with this call. */
  private static boolean isGood(List<Call> after, int first, double healthyShare) {
    long from = after.get(first).intended();
    var second = after.stream().filter(call -> isDue(call, from, from + SUSTAINED)).toList();
    return Answers.of(second).available() >= AS_GOOD * healthyShare;
  }

  private static boolean isDue(Call call, long from, long to) {
    return call.intended() >= from && call.intended() < to;
  }
}
