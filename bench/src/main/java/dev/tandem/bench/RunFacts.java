package dev.tandem.bench;

import dev.tandem.bench.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run was: all that a reader needs to judge its figures and to repeat it. Times are
 * nanoseconds since the run's start, by the driver's monotonic clock.
 *
 * @param commit of the sources, with {@code -dirty} if they were changed; "unknown" without Git
 * @param brokenOff why the run did not come to its end; "" if it did
 * @param versions of the programs that ran, by name
 */
public record RunFacts(
    Plan plan,
    long seed,
    String commit,
    Instant startedAt,
    String brokenOff,
    Map<String, String> versions,
    Machine machine,
    List<Window> windows,
    List<FaultMark> faults,
    List<Spent> spent) {
  public static final RunFile<RunFacts> FILE = new RunFile<>("run.json", RunFacts.class);

  /**
   * A stretch of one mode's time: {@code warm-up}, {@code healthy}, {@code before}, {@code fault},
   * {@code after}, and others.
   */
  public record Window(String mode, int round, String name, long from, long to) {
    /** The windows of the turn with a fault in which there is load. */
    public static final Set<String> UNDER_FAULT = Set.of("before", "fault", "after");
  }

  /**
   * One fault.
   *
   * @param to when it was healed
   * @param evidence how it was seen that the fault took place
   */
  public record FaultMark(
      String mode, int round, String fault, String part, long from, long to, String evidence) {}

  /**
   * Where it ran.
   *
   * @param disk the file system under the databases
   * @param fsyncMillisP50 of one forced write of 4 KiB there
   */
  public record Machine(
      String cpu,
      int cores,
      long memoryMiB,
      String disk,
      double fsyncMillisP50,
      String jvm,
      String os) {}

  /**
   * What the window {@code closed-8} of one mode in one round has cost in all, by the servers' own
   * counters. Nothing else than limits was changed in it, so that it can be told per change.
   *
   * @param changes of limits that took place
   * @param httpCalls between the parts
   * @param databaseForces forced writes of both servers' logs
   * @param coordinatorForces forced writes of the coordinator's logs
   * @param cpuMillis processor time of all parts
   */
  public record Spent(
      String mode,
      int round,
      long changes,
      double httpCalls,
      double databaseForces,
      double coordinatorForces,
      double cpuMillis) {}
}
