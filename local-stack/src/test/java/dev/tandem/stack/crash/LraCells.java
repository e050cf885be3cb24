package dev.tandem.stack.crash;

import dev.tandem.stack.crash.Cell.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The faults of an action. */
final class LraCells {
  private static final String COORDINATOR = "tx-coordinator";
  private static final String OWNER = "customer-service";
  private static final String COPY = "order-service";

  /** More than half of an action's time limit of 4 s: it is not closed any more. */
  private static final Duration TOO_LATE = Duration.ofMillis(2_200);

  /** More than the whole. */
  private static final Duration OVER = Duration.ofMillis(5_500);

  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private LraCells() {}

  /** The whole table. */
  static List<Cell> all() {
    return Stream.of(kills(), killsInACancel(), lateKills(), deadlines(), frosts(), absences())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Cell> kills() {
    var cells = new ArrayList<Cell>();
    for (var step : Step.ofAClose()) {
      for (var victim : CrashStack.SERVICES) {
        cells.add(Cell.killed(victim, step));
      }
    }
    return cells;
  }

  private static List<Cell> killsInACancel() {
    var cells = new ArrayList<Cell>();
    for (var step : Step.ofACancel()) {
      for (var victim : CrashStack.SERVICES) {
        cells.add(vetoed(victim + " killed", step, Fault.kill(victim)));
      }
    }
    return cells;
  }

  private static List<Cell> lateKills() {
    var cells = new ArrayList<Cell>();
    for (var step : List.of(Step.INSIDE_COMPENSATE, Step.COPY_HAS_COMPENSATED)) {
      for (var victim : CrashStack.SERVICES) {
        cells.add(late(victim + " killed", step, Fault.kill(victim)));
      }
    }
    return cells;
  }

  private static List<Cell> deadlines() {
    return List.of(
        at(Step.BOTH_ARE_PENDING, "half of the time limit passes", Fault.hold(TOO_LATE)),
        at(Step.BOTH_ARE_PENDING, "the time limit passes", Fault.hold(OVER)),
        at(Step.ABOUT_TO_CLOSE, "the time limit passes", Fault.hold(OVER)),
        at(Step.DECIDED_TO_CLOSE, "the time limit passes", Fault.hold(OVER)));
  }

  private static List<Cell> frosts() {
    var cells = new ArrayList<Cell>();
    cells.add(
        at(
            Step.INSIDE_COMPLETE,
            "order-service frozen until it is called twice",
            Fault.freezeTheCopyUntilItIsCalledTwice("complete")));
    cells.add(
        late(
            "order-service frozen until it is called twice",
            Step.INSIDE_COMPENSATE,
            Fault.freezeTheCopyUntilItIsCalledTwice("compensate")));
    for (var time : List.of(Duration.ofSeconds(3), Duration.ofSeconds(6))) {
      cells.add(Cell.frozen(COORDINATOR, time, Step.BOTH_ARE_PENDING));
      cells.add(Cell.frozen(COORDINATOR, time, Step.DECIDED_TO_CLOSE));
      cells.add(Cell.frozen(COORDINATOR, time, Step.INSIDE_COMPLETE));
      cells.add(Cell.frozen(OWNER, time, Step.ABOUT_TO_CLOSE));
      cells.add(Cell.frozen(OWNER, time, Step.ACTION_CLOSED));
      cells.add(Cell.frozen(COPY, time, Step.COPY_HAS_JOINED));
    }
    return cells;
  }

  private static List<Cell> absences() {
    var cells = new ArrayList<Cell>();
    for (var step : List.of(Step.BOTH_ARE_PENDING, Step.DECIDED_TO_CLOSE, Step.INSIDE_COMPLETE)) {
      cells.add(away(step, TwoDatabases.OWNER, TwoDatabases.COPY));
      cells.add(away(step, TwoDatabases.COPY));
      cells.add(away(step, TwoDatabases.OWNER));
      cells.add(at(step, "power cut", Fault.cutThePower()));
    }
    cells.add(away(Step.DECIDED_TO_CLOSE, COORDINATOR));
    cells.add(away(Step.INSIDE_COMPLETE, COPY));
    cells.add(away(Step.INSIDE_COMPLETE, COORDINATOR, COPY));
    cells.add(away(Step.BOTH_ARE_PENDING, OWNER));
    cells.add(away(Step.BOTH_ARE_PENDING, OWNER, COPY));
    cells.add(
        late("order-service away", Step.INSIDE_COMPENSATE, Fault.killAndStayAway(A_WHILE, COPY)));
    return cells;
  }

  private static Cell away(Step step, String... parts) {
    return at(
        step,
        String.join(" and ", parts) + " away for " + A_WHILE.toSeconds() + " s",
        Fault.killAndStayAway(A_WHILE, parts));
  }

  private static Cell vetoed(String what, Step step, Fault fault) {
    return new Cell(what + " " + step.title() + " of a vetoed change", Wish.VETOED, step, fault);
  }

  /** It has been written down on both sides before it is taken back. */
  private static Cell late(String what, Step step, Fault fault) {
    return new Cell(
        what + " " + step.title() + " of a late change",
        Step.BOTH_ARE_PENDING,
        Fault.tooLateAndThen(TOO_LATE, step, fault));
  }

  private static Cell at(Step step, String what, Fault fault) {
    return new Cell(what + " " + step.title(), step, fault);
  }
}
