package dev.tandem.bench;

import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.TwoDatabases;
import dev.tandem.bench.check.Verdicts;
import dev.tandem.bench.fault.Faults;
import dev.tandem.bench.fault.Links;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.History;
import dev.tandem.bench.history.HistoryWriter;
import dev.tandem.bench.load.Arm;
import dev.tandem.bench.load.Caller;
import dev.tandem.bench.load.ClosedLoop;
import dev.tandem.bench.load.Place;
import dev.tandem.bench.load.RunClock;
import dev.tandem.bench.load.Script;
import dev.tandem.bench.load.Spread;
import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.PlanException;
import dev.tandem.bench.report.Reports;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One plan with one seed, from the start of a stack to the verdicts and the report. */
final class Run implements AutoCloseable {
  private static final int FIRST_CLIENTS = 8;

  private final Path root;
  private final Path folder;
  private final Plan plan;
  private final List<String> modes;
  private final long seed;
  private final Progress progress;
  private final Links links;
  private final RunClock clock = new RunClock();
  private final Instant startedAt = Instant.now();
  private final Changes changes = new Changes();
  private final Findings findings = new Findings();

  /**
   * @param folder for all that it leaves; made if it is not there, refused if something is in it
   */
  Run(Path root, Path folder, Plan plan, List<String> modes, long seed, Progress progress) {
    this.root = root;
    this.folder = folder;
    this.plan = plan;
    this.modes = modes;
    this.seed = seed;
    this.progress = progress;
    this.links = new Links(plan.faults());
  }

  /** The exit code. */
  int carryOut() throws IOException, SQLException {
    makeFolder();
    sayWhatComes();
    try (var own = new OwnStack(root, folder.resolve("stack"), links)) {
      var machine = Surroundings.machine(folder);
      var commit = Surroundings.commit(root);
      progress.begin("the stack starts");
      own.up();
      progress.end();
      var stack = own.stack();
      var brokenOff = driveAsFarAsItGoes(own);
      var facts =
          new RunFacts(
              plan,
              seed,
              commit,
              startedAt,
              brokenOff,
              Surroundings.versions(root, stack.addresses("customer-db")),
              machine,
              findings.windows(),
              findings.faults(),
              findings.spent());
      RunFacts.FILE.write(folder, facts);
      return conclude(stack, facts);
    }
  }

  private void makeFolder() throws IOException {
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new PlanException(
              folder + " is not empty: a run has a folder of its own. Choose another --out.");
        }
      }
    }
    Files.createDirectories(folder);
  }

  private void sayWhatComes() {
    var expected = Reckoning.of(plan, modes.size());
    progress.expect(expected);
    progress.say("Plan %s, seed %d: %s".formatted(plan.name(), seed, plan.question().strip()));
    progress.say(
        "Modes %s, %s. This takes about %s minutes."
            .formatted(String.join(", ", modes), plan.roundsInWords(), Progress.inWords(expected)));
    progress.say("The report will be in " + folder);
  }

  /**
   * What was found out until it broke off may be what it broke off for: so it is judged, too. Why
   * it did, "" if it did not.
   */
  private String driveAsFarAsItGoes(OwnStack own) throws SQLException {
    try {
      drive(own);
      return "";
    } catch (StackException failed) {
      if (own.isEnding()) {
        throw failed;
      }
      progress.end();
      progress.say("BROKEN OFF: " + failed.getMessage());
      new Settling(own.stack()).await();
      return String.valueOf(failed.getMessage());
    }
  }

  /** The load, with all its faults, and the negative control. */
  private void drive(OwnStack own) throws SQLException {
    var stack = own.stack();
    try (var history = new HistoryWriter(folder.resolve(History.FILE))) {
      var caller =
          new Caller(
              String.valueOf(stack.addresses("customer-service").url()),
              String.valueOf(stack.addresses("order-service").url()),
              clock,
              call -> made(history, call));
      var faults = new Faults(stack, links, own.data());
      var scene = new Scene(plan, seed, stack, faults, caller, clock, changes, progress);
      var arms = new ArrayList<Arm>();
      for (var mode : modes) {
        arms.add(prepare(scene, mode));
      }
      inTurn(scene, arms, plan.healthyRounds(), Cell::healthy);
      if (plan.hasFaults()) { // afterwards: a part that was just started is slow, in any mode
        inTurn(scene, arms, plan.rounds(), Cell::underFault);
      }
      control(scene);
    }
  }

  @FunctionalInterface
  private interface Turn {
    Findings of(Cell cell) throws SQLException;
  }

  private void inTurn(Scene scene, List<Arm> arms, int rounds, Turn turn) throws SQLException {
    for (int round = 1; round <= rounds; round++) {
      for (var arm : arms) {
        findings.add(turn.of(new Cell(scene, arm, round, rounds)));
      }
      Collections.rotate(arms, 1); // none is always measured after the same one
    }
  }

  private void made(HistoryWriter history, Call call) {
    history.add(call);
    progress.made(call);
    changes.made(call);
  }

  private Arm prepare(Scene scene, String mode) {
    progress.begin("prepare " + mode);
    var settling = new Settling(scene.stack());
    settling.switchTo(mode);
    var highest = plan.load().limit().to() + ".00";
    var arm = new Shopfront(scene.caller()).open(mode, plan.load().customers(), highest);
    warmUp(scene, arm);
    settling.await();
    progress.end();
    return arm;
  }

  /** Before the first round: code that nobody has run yet is slow in any mode. */
  private void warmUp(Scene scene, Arm arm) {
    var place = new Place(0, "warm-up");
    var shape = plan.load().onlyChanges(FIRST_CLIENTS, Spread.UNIFORM);
    var script = new Script(shape, Script.seed(seed, place.round(), place.window()));
    long from = clock.now();
    new ClosedLoop(scene.caller()).run(arm, place, shape, script, plan.windows().firstWarmUp());
    findings
        .windows()
        .add(new Window(arm.mode(), place.round(), place.window(), from, clock.now()));
  }

  private void control(Scene scene) throws SQLException {
    progress.begin("negative control: besteffort is hit between its two commits");
    var settling = new Settling(scene.stack());
    settling.switchTo(Bench.FLOOR);
    var arm = new Shopfront(scene.caller()).open(Bench.FLOOR, 2, "1000.00");
    new Control(scene).damage(arm).ifPresent(findings::add);
    settling.await();
    progress.end();
  }

  /** Holds every mode to its promises, and writes the report. The exit code. */
  private int conclude(Stack stack, RunFacts facts) throws SQLException {
    progress.begin("checks and report");
    var verdicts =
        Verdicts.of(facts, History.read(folder.resolve(History.FILE)), TwoDatabases.of(stack));
    Verdicts.FILE.write(folder, verdicts);
    Reports.write(folder);
    progress.end();
    var conclusion = new Conclusion(verdicts);
    conclusion.lines().forEach(progress::say);
    progress.say("The report: " + folder.resolve(Reports.PAGE));
    return conclusion.exitCode();
  }

  @Override
  public void close() {
    links.close();
  }
}
