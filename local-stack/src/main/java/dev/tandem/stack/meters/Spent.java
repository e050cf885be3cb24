package dev.tandem.stack.meters;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What a whole stack has spent, since its start or in a window.
 *
 * @param forcedByCoordinator writes of the XA log and of the store of actions; several decisions
 *     may share one
 * @param cpuMillis of each part's processes; the kernel counts in steps of 10 ms
 */
public record Spent(
    long forcedByDatabases, long forcedByCoordinator, long httpCalls, Map<String, Long> cpuMillis) {

  public static final Spent NOTHING = new Spent(0, 0, 0, Map.of());

  public Spent since(Spent before) {
    return with(before, (now, then) -> now - then);
  }

  public Spent plus(Spent other) {
    return with(other, Long::sum);
  }

  public long cpuMillisInAll() {
    return cpuMillis.values().stream().mapToLong(Long::longValue).sum();
  }

  private Spent with(Spent other, BinaryOperator<Long> operation) {
    var cpu = new TreeMap<>(cpuMillis);
    other.cpuMillis.forEach(
        (part, millis) -> cpu.put(part, operation.apply(cpu.getOrDefault(part, 0L), millis)));
    return new Spent(
        operation.apply(forcedByDatabases, other.forcedByDatabases),
        operation.apply(forcedByCoordinator, other.forcedByCoordinator),
        operation.apply(httpCalls, other.httpCalls),
        cpu);
  }
}
