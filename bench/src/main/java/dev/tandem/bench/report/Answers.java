package dev.tandem.bench.report;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.util.List;
import java.util.Set;

/**
 * What became of some calls.
 *
 * @param ok took place
 * @param refused decided against: that is service, too
 * @param busy refused with the invitation to try again, because another change of the limit was
 *     under way
 * @param failed nothing took place, and the answer said so
 * @param unknown the client cannot know; also a 202, whose outcome is still open
 * @param fromDue latency of what was decided, from the moment when the call was due
 * @param fromSent the same from the moment when it was sent: what a closed loop would have shown
 */
record Answers(
    long calls,
    long ok,
    long refused,
    long busy,
    long failed,
    long unknown,
    Latency fromDue,
    Latency fromSent) {
  private static final Set<String> BUSY = Set.of("change-in-progress", "limit-in-doubt");

  static Answers of(List<Call> calls) {
    return new Answers(
        calls.size(),
        count(calls, Ending.OK),
        count(calls, Ending.REFUSED) - busy(calls),
        busy(calls),
        count(calls, Ending.FAILED),
        count(calls, Ending.UNKNOWN),
        Latency.ofNanos(
            calls.stream()
                .filter(Answers::isDecided)
                .mapToLong(call -> call.ended() - call.intended())),
        Latency.ofNanos(
            calls.stream()
                .filter(Answers::isDecided)
                .mapToLong(call -> call.ended() - call.started())));
  }

  /** The client got what it wanted, or a verdict why not. */
  static boolean isDecided(Call call) {
    return call.ending() == Ending.OK || call.ending() == Ending.REFUSED && !isBusy(call);
  }

  /** The part of the calls that were decided; 0 if there were none. */
  double available() {
    return calls == 0 ? 0 : (double) (ok + refused) / calls;
  }

  private static long busy(List<Call> calls) {
    return calls.stream().filter(call -> call.ending() == Ending.REFUSED && isBusy(call)).count();
  }

  private static boolean isBusy(Call call) {
    return BUSY.contains(call.word());
  }

  private static long count(List<Call> calls, Ending ending) {
    return calls.stream().filter(call -> call.ending() == ending).count();
  }
}
