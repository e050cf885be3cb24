package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.ModeVerdicts;
import dev.tandem.bench.check.StaleAccepts;
import dev.tandem.bench.load.Shape;
import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.Plans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What a reader must know to judge the figures and to repeat them. */
final class Head {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private Head() {}

  static Map<String, String> of(RunFacts run) {
    var machine = run.machine();
    var facts = new LinkedHashMap<String, String>();
    facts.put("commit", run.commit());
    facts.put("plan and seed", run.plan().name() + ", " + run.seed());
    facts.put("load", load(run.plan().load()));
    facts.put("windows", windows(run.plan()));
    facts.put("started", run.startedAt().toString());
    facts.put("modes", modes(run));
    facts.put(
        "versions",
        run.versions().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", ")));
    facts.put("JVM", machine.jvm());
    facts.put(
        "machine",
        "%s, %d cores, %d MiB, %s"
            .formatted(machine.cpu(), machine.cores(), machine.memoryMiB(), machine.os()));
    facts.put(
        "disk",
        "%s, %s ms for one forced write (median)"
            .formatted(machine.disk(), Text.number(machine.fsyncMillisP50())));
    run.faults().stream()
        .filter(fault -> !fault.evidence().isEmpty())
        .forEach(
            fault ->
                facts.put(
                    "%s %s, %s, round %d"
                        .formatted(fault.fault(), fault.part(), fault.mode(), fault.round()),
                    fault.evidence()));
    return facts;
  }

  private static String load(Shape load) {
    return "%d operations/s by %d clients, due whether or not the ones before were answered; %d customers of each mode, %s; limits from %d to %d, %s; orders from %d to %d; %s"
        .formatted(
            load.rate(),
            load.clients(),
            load.customers(),
            Plans.word(load.spread()),
            load.limit().from(),
            load.limit().to(),
            Plans.word(load.limits()),
            load.order().from(),
            load.order().to(),
            load.mix().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getValue() + " " + Text.many(each.getKey()))
                .collect(Collectors.joining(" to ")));
  }

  private static String windows(Plan plan) {
    var windows = plan.windows();
    return "%s; first warm-up %s s, then in each turn %s s, healthy %s s, each closed loop %s s, fault %s s, after it %s s"
        .formatted(
            plan.roundsInWords(),
            seconds(windows.firstWarmUp()),
            seconds(windows.warmUp()),
            seconds(windows.healthy()),
            seconds(windows.closed()),
            seconds(plan.hasFaults() ? windows.fault() : Duration.ZERO),
            seconds(plan.hasFaults() ? windows.after() : Duration.ZERO));
  }

  private static String seconds(Duration time) {
    return Text.number(time.toMillis() / MILLIS_PER_SECOND);
  }

  private static String modes(RunFacts run) {
    return run.windows().stream().map(Window::mode).distinct().collect(Collectors.joining(", "));
  }

  static String costModel(Figures figures) {
    var call = figures.callMillis();
    return "Counted by the servers themselves while eight clients changed limits and did nothing else, per change; several at once share a forced write. Predicted lock: the calls and forced writes that follow each other while other changes of the same customer wait, times %s. It is a model: it knows of no waiting for a processor beyond what is in these times. The coordinator's column counts forced writes of xa's decision log, and writes of the store of lra's actions, of which several at once share a force. Measured lock: by the owner's database, from the instant at which a change had its customer's row, or had it barred for its action, to the commit that freed it, and that commit's forced write; median of the changes of one client alone. Measured changes/s: eight clients on one customer, and the time from one change to the next. Where far fewer went through than predicted, it was not the lock that held them up but the processor."
        .formatted(
            call == null
                ? "a time per call that was not measured in this run"
                : "%s ms for a call (from besteffort's median with one client) and %s ms for a forced write"
                    .formatted(
                        Text.number(call), Text.number(figures.run().machine().fsyncMillisP50())));
  }

  /** What the run comes to, in sentences. */
  static List<String> verdict(Figures figures) {
    var sentences = new ArrayList<String>();
    var brokenOff = figures.run().brokenOff();
    if (!brokenOff.isEmpty()) {
      sentences.add("The run BROKE OFF, and was judged as far as it came: " + brokenOff);
    }
    sentences.add(
        figures.verdicts().broken()
            ? "A mode broke a promise that it gives."
            : "No mode was seen to break a promise that it gives.");
    sentences.add(figures.verdicts().negativeControl().inWords());
    return sentences;
  }

  /** The limits of the measurement. */
  static List<String> limits(Figures figures) {
    var limits = new ArrayList<String>();
    var run = figures.run();
    limits.add(
        "Everything ran on one machine with %d cores, the load included: ratios between the modes tell more than absolute rates."
            .formatted(run.machine().cores()));
    limits.add(
        "%s s were measured in all, in windows of %s s at the median: rare events need longer runs."
            .formatted(Text.number(measured(run).sum()), Text.number(medianWindow(run))));
    limits.add(
        "Percentiles of few calls are rough: with fewer than 100 calls the 99th is the worst one.");
    limits.add(
        "A network between two machines, several instances of a service, and databases with years of data in them were not part of it.");
    long notJudged =
        figures.verdicts().modes().stream()
            .map(ModeVerdicts::staleAccepts)
            .mapToLong(StaleAccepts::notJudged)
            .sum();
    if (notJudged > 0) {
      limits.add(
          "%d approved orders were answered to nobody, so they have no place in time and were not judged for staleness."
              .formatted(notJudged));
    }
    return limits;
  }

  private static double medianWindow(RunFacts run) {
    var seconds = measured(run).sorted().toArray();
    return seconds.length == 0 ? 0 : seconds[seconds.length / 2];
  }

  private static DoubleStream measured(RunFacts run) {
    return run.windows().stream()
        .filter(Figures::isMeasured)
        .mapToDouble(window -> (window.to() - window.from()) / NANOS_PER_SECOND);
  }
}
