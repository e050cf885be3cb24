package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFacts.Spent;
import dev.tandem.bench.check.LockTime;
import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cost of a change in each mode.
 *
 * <p>The time of the lock is predicted from two figures of this run alone: the disk's forced write,
 * and what one HTTP call takes. The latter is what remains of {@code besteffort}'s median with one
 * client when its two forced writes are taken away, by its two calls. The other modes' prediction
 * is then their number of calls and writes in a row, times those. It is a lower bound: it knows of
 * no waiting for a processor.
 */
final class Costs {
  private static final String FLOOR = "besteffort";
  private static final String HOT = "closed-hot";
  private static final double MILLIS_PER_SECOND = 1000;

  private final RunFacts facts;
  private final List<Call> calls;
  private final List<CellFigures> whole;

  /**
   * @param whole the figures of all rounds together
   */
  Costs(RunFacts facts, List<Call> calls, List<CellFigures> whole) {
    this.facts = facts;
    this.calls = calls;
    this.whole = whole;
  }

  List<CostFigures> of(List<ModeVerdicts> modes) {
    return modes.stream().map(this::of).toList();
  }

  private CostFigures of(ModeVerdicts verdicts) {
    var mode = verdicts.mode();
    var spent = facts.spent().stream().filter(each -> each.mode().equals(mode)).toList();
    long changes = spent.stream().mapToLong(Spent::changes).sum();
    var protocol = Protocol.of(mode);
    var lock = protocol == null ? null : lockMillis(protocol);
    var hottest = hottest(mode);
    return new CostFigures(
        mode,
        protocol,
        changes,
        perChange(spent, changes, Spent::httpCalls),
        perChange(spent, changes, Spent::databaseForces),
        perChange(spent, changes, Spent::coordinatorForces),
        perChange(spent, changes, Spent::cpuMillis),
        lock,
        measuredLockMillis(verdicts),
        lock == null ? null : MILLIS_PER_SECOND / lock,
        hottest,
        hottest == null || hottest == 0 ? null : MILLIS_PER_SECOND / hottest);
  }

  private static @Nullable Double perChange(
      List<Spent> spent, long changes, ToDoubleFunction<Spent> figure) {
    return changes == 0 ? null : spent.stream().mapToDouble(figure).sum() / changes;
  }

  private @Nullable Double lockMillis(Protocol protocol) {
    var call = callMillis();
    double millis =
        protocol.lockedForces() * facts.machine().fsyncMillisP50()
            + protocol.lockedCalls() * (call == null ? 0 : call);
    return call == null && protocol.lockedCalls() > 0 || millis <= 0 ? null : millis;
  }

  /**
   * With the forced write of the commit that frees the row, which the database's stamp leaves out.
   */
  private @Nullable Double measuredLockMillis(ModeVerdicts verdicts) {
    var stamped = verdicts.lockTime().millis();
    return stamped.count() == 0 ? null : stamped.p50() + facts.machine().fsyncMillisP50();
  }

  /** What one HTTP call takes; null if the floor was not measured with one client. */
  @Nullable Double callMillis() {
    var floor = Protocol.of(FLOOR);
    return floor == null
        ? null
        : whole.stream()
            .filter(cell -> cell.mode().equals(FLOOR) && cell.window().equals(LockTime.ALONE))
            .filter(cell -> cell.operation() == Operation.CHANGE_LIMIT)
            .filter(cell -> cell.answers().fromSent().count() > 0)
            .map(cell -> cell.answers().fromSent().p50())
            .map(p50 -> p50 - floor.databaseForces() * facts.machine().fsyncMillisP50())
            .map(rest -> Math.max(0, rest) / floor.httpCalls())
            .findFirst()
            .orElse(null);
  }

  /** The most changes a second of any one customer over the windows that are about that. */
  private @Nullable Double hottest(String mode) {
    double seconds =
        whole.stream()
            .filter(cell -> cell.mode().equals(mode) && cell.window().equals(HOT))
            .mapToDouble(CellFigures::seconds)
            .max()
            .orElse(0);
    Map<String, Long> changes =
        calls.stream()
            .filter(call -> call.mode().equals(mode) && call.window().equals(HOT))
            .filter(call -> call.ending() == Ending.OK)
            .collect(Collectors.groupingBy(Call::customer, Collectors.counting()));
    return seconds == 0
        ? null
        : changes.values().stream().mapToLong(Long::longValue).max().orElse(0) / seconds;
  }
}
