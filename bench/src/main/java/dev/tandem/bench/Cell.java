package dev.tandem.bench;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Spent;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.fault.Fault;
import dev.tandem.bench.load.Arm;
import dev.tandem.bench.load.Caller;
import dev.tandem.bench.load.ClosedLoop;
import dev.tandem.bench.load.OpenLoop;
import dev.tandem.bench.load.Place;
import dev.tandem.bench.load.RunClock;
import dev.tandem.bench.load.Script;
import dev.tandem.bench.load.Shape;
import dev.tandem.bench.load.Spread;
import dev.tandem.bench.plan.Plan;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import dev.tandem.stack.Waiting;
import dev.tandem.stack.meters.Meters;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * One mode in one round. It has two turns: what it gives while all is well, and what while
 * something is broken.
 */
final class Cell {
  /** The load is the same as in the fault that follows, to be seen beside it. */
  private static final String BEFORE = "before";

  /** A closed loop of changes of limits. */
  record Closed(String window, int clients, Spread spread) {}

  static final List<Closed> CLOSED =
      List.of(
          new Closed("closed-1", 1, Spread.UNIFORM),
          new Closed("closed-8", 8, Spread.UNIFORM),
          new Closed("closed-hot", 8, Spread.HOT));

  private static final String COSTED = "closed-8";

  private final Scene scene;
  private final Plan plan;
  private final Stack stack;
  private final Caller caller;
  private final RunClock clock;
  private final Arm arm;
  private final int round;
  private final int rounds;
  private final Findings findings = new Findings();

  Cell(Scene scene, Arm arm, int round, int rounds) {
    this.scene = scene;
    this.plan = scene.plan();
    this.stack = scene.stack();
    this.caller = scene.caller();
    this.clock = scene.clock();
    this.arm = arm;
    this.round = round;
    this.rounds = rounds;
  }

  /** Returns when nothing is under way any more, or that was waited for long enough. */
  Findings healthy() throws SQLException {
    begin();
    try (var load = new OpenLoop(caller)) {
      open(load, "warm-up", plan.windows().warmUp());
      open(load, "healthy", plan.windows().healthy());
      load.awaitAnswers();
      for (var each : CLOSED) {
        closed(each);
      }
    }
    return settled();
  }

  /** The same, with this round's fault. The plan must have one. */
  Findings underFault() {
    begin();
    try (var load = new OpenLoop(caller)) {
      open(load, BEFORE, plan.windows().warmUp());
      fault(load);
      open(load, "after", plan.windows().after());
    }
    return settled();
  }

  private void begin() {
    new Settling(stack).switchTo(arm.mode());
    caller.cancelOpenOrders(arm, round);
  }

  private Findings settled() {
    window("settle", new Settling(stack)::await);
    return findings;
  }

  private void open(OpenLoop load, String name, Duration length) {
    if (!length.isZero()) {
      var place = new Place(round, name);
      window(name, () -> load.run(arm, place, script(plan.load(), name), length));
    }
  }

  private void closed(Closed each) throws SQLException {
    var length = plan.windows().closed();
    if (length.isZero()) {
      return;
    }
    var shape = plan.load().onlyChanges(each.clients(), each.spread());
    Runnable loop =
        () ->
            new ClosedLoop(caller)
                .run(
                    arm,
                    new Place(round, each.window()),
                    shape,
                    script(shape, each.window()),
                    length);
    if (each.window().equals(COSTED)) {
      costed(each.window(), loop);
    } else {
      window(each.window(), loop);
    }
  }

  private void costed(String name, Runnable loop) throws SQLException {
    var meters = new Meters(stack);
    var before = meters.read();
    long made = scene.changes().count();
    window(name, loop);
    var spent = meters.read().since(before);
    findings
        .spent()
        .add(
            new Spent(
                arm.mode(),
                round,
                scene.changes().count() - made,
                spent.httpCalls(),
                spent.forcedByDatabases(),
                spent.forcedByCoordinator(),
                spent.cpuMillisInAll()));
  }

  private void fault(OpenLoop load) {
    // The same for every mode: also what a fault draws is drawn without looking at the mode.
    var wish = plan.faultOf(round);
    var fault = scene.faults().of(wish, Script.seed(scene.seed(), round, "draws"));
    scene.progress().begin(title("fault: " + wish.kind().word() + " " + fault.part()));
    long from = clock.now();
    try (var running = load.begin(arm, new Place(round, "fault"), script(plan.load(), "fault"))) {
      findings.faults().add(strikeAndHeal(wish.kind().word(), fault));
    }
    findings.windows().add(new Window(arm.mode(), round, "fault", from, clock.now()));
    scene.progress().end();
  }

  private FaultMark strikeAndHeal(String kind, Fault fault) {
    long struck = clock.now();
    var healing = fault.strike();
    try (healing) {
      pass(plan.windows().fault());
    }
    long healed = clock.now();
    var evidence = healing.evidence();
    if (evidence.isEmpty()) {
      throw new StackException(
          "The fault %s %s did not take place in mode %s, round %d: such a run would say nothing."
              .formatted(kind, fault.part(), arm.mode(), round));
    }
    return new FaultMark(arm.mode(), round, kind, fault.part(), struck, healed, evidence);
  }

  private void window(String name, Runnable work) {
    scene.progress().begin(title(name));
    long from = clock.now();
    work.run();
    findings.windows().add(new Window(arm.mode(), round, name, from, clock.now()));
    scene.progress().end();
  }

  private Script script(Shape shape, String window) {
    return new Script(shape, Script.seed(scene.seed(), round, window));
  }

  private String title(String window) {
    return "round %d of %d, %s, %s".formatted(round, rounds, arm.mode(), window);
  }

  private static void pass(Duration time) {
    Waiting.until(time, () -> false);
  }
}
