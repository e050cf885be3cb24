package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Machine;
import dev.tandem.bench.RunFacts.Spent;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.Difference;
import dev.tandem.bench.check.LockTime;
import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.NegativeControl;
import dev.tandem.bench.check.Spread;
import dev.tandem.bench.check.StaleAccepts;
import dev.tandem.bench.check.Verdict;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.check.Verdicts;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.History;
import dev.tandem.bench.history.HistoryWriter;
import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Limits;
import dev.tandem.bench.load.Shape;
import dev.tandem.bench.load.Shape.Range;
import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.Plan.Windows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The folder of a run that never was, with figures that can be told beforehand. A call is due every
 * 50 ms, a change and an order in turn. In xa a change takes 8 ms, in besteffort 2; every tenth
 * call is sent 100 ms after it was due. Under the fault, changes of xa fail, and for 1 s after it.
 */
final class MadeUpRun {
  static final double FSYNC = 0.5;

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long EVERY = 50 * MILLI;
  private static final long BROKEN_LONGER = SECOND;

  final List<Call> calls = new ArrayList<>();
  final List<Window> windows = new ArrayList<>();
  final List<FaultMark> faults = new ArrayList<>();
  final List<Spent> spent = new ArrayList<>();
  private final List<String> modes;
  private final boolean faulty;
  private long now;
  String brokenOff = "";

  MadeUpRun(boolean faulty, String... modes) {
    this.faulty = faulty;
    this.modes = List.of(modes);
    for (var mode : modes) {
      cell(mode);
    }
  }

  private void cell(String mode) {
    open(mode, "healthy", 5);
    closed(mode, "closed-1", 1, 2);
    closed(mode, "closed-8", 4, 2);
    closed(mode, "closed-hot", 2, 2);
    spent.add(new Spent(mode, 1, 100, 600, 400, 100, 500));
    if (faulty) {
      open(mode, "before", 2);
      long struck = now + SECOND;
      long healed = now + 4 * SECOND;
      faults.add(new FaultMark(mode, 1, "kill", "order-service", struck, healed, "pid 1 is gone"));
      open(mode, "fault", 4);
      open(mode, "after", 4);
    }
  }

  private void open(String mode, String name, int seconds) {
    long from = now;
    for (long due = from; due < from + seconds * SECOND; due += EVERY) {
      long count = due / EVERY;
      var operation = count % 2 == 0 ? Operation.CHANGE_LIMIT : Operation.PLACE_ORDER;
      long started = due + (count % 10 == 0 ? 100 * MILLI : 0);
      long took = (mode.equals("besteffort") ? 2 : 8) * MILLI;
      add(mode, name, operation, "customer", due, started, started + took);
    }
    now = from + seconds * SECOND;
    windows.add(new Window(mode, 1, name, from, now));
  }

  /** So many clients, each with a change every 10 ms. */
  private void closed(String mode, String name, int clients, int seconds) {
    long from = now;
    for (long due = from; due < from + seconds * SECOND; due += 10 * MILLI) {
      for (int client = 0; client < clients; client++) {
        add(mode, name, Operation.CHANGE_LIMIT, "hot", due, due, due + 5 * MILLI);
      }
    }
    now = from + seconds * SECOND;
    windows.add(new Window(mode, 1, name, from, now));
  }

  private void add(
      String mode,
      String window,
      Operation operation,
      String customer,
      long due,
      long started,
      long ended) {
    boolean fails =
        mode.equals("xa")
            && operation == Operation.CHANGE_LIMIT
            && faults.stream()
                .filter(fault -> fault.mode().equals(mode))
                .anyMatch(fault -> due >= fault.from() && due < fault.to() + BROKEN_LONGER);
    calls.add(
        new Call(
            calls.size(),
            "client",
            mode,
            1,
            window,
            operation,
            customer,
            "1.00",
            due,
            started,
            ended,
            fails ? Ending.FAILED : Ending.OK,
            fails ? 503 : 200,
            fails ? "part-away" : "",
            1,
            "",
            ""));
  }

  RunFacts facts() {
    return new RunFacts(
        plan(),
        7,
        "0123abc",
        Instant.parse("2026-11-22T20:00:00Z"),
        brokenOff,
        Map.of("PostgreSQL", "18.6"),
        new Machine("a processor", 2, 1024, "ext4", FSYNC, "OpenJDK 17", "Linux"),
        windows,
        faults,
        spent);
  }

  private static Plan plan() {
    var load =
        new Shape(
            20,
            4,
            10,
            dev.tandem.bench.load.Spread.HOT,
            Limits.FALLING,
            new Range(50, 500),
            new Range(10, 120),
            Map.of(Operation.PLACE_ORDER, 1, Operation.CHANGE_LIMIT, 3));
    var second = Duration.ofSeconds(1);
    var windows = new Windows(second, second, second.multipliedBy(5), second, second, second);
    return new Plan("made-up", "What is <this>?", load, windows, 1, 1, List.of());
  }

  Verdicts verdicts() {
    return new Verdicts(
        modes.stream().map(this::verdicts).toList(),
        new NegativeControl(faulty, faulty, faulty ? "a half-done change" : ""));
  }

  private ModeVerdicts verdicts(String mode) {
    var none = new Spread(0, 0, 0, 0);
    boolean floor = mode.equals("besteffort");
    return new ModeVerdicts(
        mode,
        10,
        List.of(
            new Verdict(
                "both sides agree",
                floor ? Standing.NOT_PROMISED : Standing.KEPT,
                10,
                floor ? 1 : 0,
                floor ? "customer | 5" : "",
                floor ? "customer | 5" : ""),
            new Verdict(
                "no stale accepts",
                floor || mode.equals("event") ? Standing.NOT_PROMISED : Standing.KEPT,
                40,
                mode.equals("event") ? 3 : 0,
                "",
                "")),
        mode.equals("event")
            ? new StaleAccepts(
                40,
                3,
                2,
                1,
                new Spread(3, 5, 20.5, 20.5),
                new Spread(3, 10, 900, 900),
                none,
                "",
                "")
            : new StaleAccepts(40, 0, 4, 0, none, none, none, "", ""),
        new Difference(100, 5, new Spread(5, 1, 2.5, 2.5), 3, new Spread(90, 12, 40, 50)),
        new LockTime(new Spread(10, 6, 9, 9)));
  }

  void write(Path folder) {
    try (var writer = new HistoryWriter(folder.resolve(History.FILE))) {
      calls.forEach(writer::add);
    }
    RunFacts.FILE.write(folder, facts());
    Verdicts.FILE.write(folder, verdicts());
  }
}
