package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.check.TwoDatabases.Order;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * For how long a reader of both sides could see them differ, from the reads that the load made
 * itself, by the driver's clock.
 *
 * <p>It can see: that one side showed a version, and a call that was sent after that answer showed
 * an older one on the other side. The time between is one in which they surely differed (<i>at
 * least</i>). And how long after the acknowledgement of a change the copy was first seen to have
 * it: by a read of the credit, or by an order's decision.
 *
 * <p>It cannot see what happens between two reads. At a low rate of reads for each customer most
 * short differences are missed, and the time up to the first sight is mostly that up to the next
 * read: read the first figure as a lower bound, the second as an upper one.
 *
 * <p>Only what belongs to one stretch of an open loop is compared: while other modes have their
 * turn, or closed loops change limits and read nothing, nobody looks.
 *
 * @param changes that were acknowledged in an open loop
 * @param seenDiffering of these, those during which the two sides were seen to differ
 * @param atLeastMillis of those seen differing
 * @param notSeenAgain changes that no call of the same stretch showed at the copy
 * @param firstSeenMillis from the acknowledgement to the end of the first call that showed the
 *     change or a later one at the copy; 0 if that was before
 */
public record Difference(
    long changes,
    long seenDiffering,
    Spread atLeastMillis,
    long notSeenAgain,
    Spread firstSeenMillis) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int SECOND = 2;
  private static final Set<String> HEALTHY = Set.of("warm-up", "healthy");

  static Difference of(Material material) throws SQLException {
    var changes =
        material.databases().changesAtOwner(material.customers()).stream()
            .filter(change -> change.version() >= SECOND)
            .collect(Collectors.groupingBy(Change::customer));
    var found = new Findings(decidedOn(material));
    stretches(material)
        .forEach(
            (stretch, calls) ->
                found.add(changes.getOrDefault(stretch.customer(), List.of()), calls));
    return new Difference(
        found.changes,
        found.differed.size(),
        Spread.of(found.differed),
        found.notSeenAgain,
        Spread.of(found.firstSeen));
  }

  /** A time in which one customer was changed and read without a pause. */
  private record Stretch(String customer, int round, boolean underFault) {}

  private static Map<Stretch, List<Call>> stretches(Material material) {
    return material.calls().stream()
        .filter(call -> call.round() > 0)
        .filter(
            call -> HEALTHY.contains(call.window()) || Window.UNDER_FAULT.contains(call.window()))
        .collect(
            Collectors.groupingBy(
                call ->
                    new Stretch(
                        call.customer(),
                        call.round(),
                        Window.UNDER_FAULT.contains(call.window()))));
  }

  /** The version that each order's decision saw at the copy; its answer does not tell. */
  private static Map<String, Long> decidedOn(Material material) throws SQLException {
    return material.databases().orders(material.customers()).stream()
        .filter(order -> order.version() > 0)
        .collect(Collectors.toMap(Order::id, Order::version));
  }

  /** A version that a call has shown on one side. */
  private record Sight(long version, long started, long ended) {
    static Sight of(Call call) {
      return new Sight(call.version(), call.started(), call.ended());
    }
  }

  private static final class Findings {
    private final Map<String, Long> decidedOn;
    private final List<Double> differed = new ArrayList<>();
    private final List<Double> firstSeen = new ArrayList<>();
    private long changes;
    private long notSeenAgain;

    Findings(Map<String, Long> decidedOn) {
      this.decidedOn = decidedOn;
    }

    void add(List<Change> all, List<Call> calls) {
      var timeline = new LimitTimeline(all, calls);
      var acknowledged =
          all.stream()
              .filter(
                  change -> timeline.acknowledged((int) change.version()) != LimitTimeline.NEVER)
              .toList();
      changes += acknowledged.size();
      var owner = calls.stream().filter(Difference::readsTheOwner).map(Sight::of).toList();
      var copy =
          Stream.concat(
                  calls.stream().filter(Difference::readsTheCopy).map(Sight::of),
                  calls.stream().filter(Material::isDecided).flatMap(this::decision))
              .toList();
      for (var change : acknowledged) {
        int version = (int) change.version();
        long copyHas = firstWith(version, copy);
        long nanos =
            Math.max(
                lastWithout(version, copy, timeline.knownSince(version)),
                lastWithout(version, owner, copyHas));
        if (nanos > 0) {
          differed.add(nanos / NANOS_PER_MILLI);
        }
        see(timeline.acknowledged(version), copyHas);
      }
    }

    /** An order's decision shows the copy, too; also one that rejects. */
    private Stream<Sight> decision(Call call) {
      return call.operation() == Operation.PLACE_ORDER && decidedOn.containsKey(call.orderId())
          ? Stream.of(
              new Sight(decidedOn.getOrDefault(call.orderId(), 0L), call.started(), call.ended()))
          : Stream.empty();
    }

    private void see(long acknowledged, long copyHas) {
      if (copyHas == LimitTimeline.NEVER) {
        notSeenAgain++;
      } else {
        firstSeen.add(Math.max(0, copyHas - acknowledged) / NANOS_PER_MILLI);
      }
    }

    private static long firstWith(int version, List<Sight> side) {
      return side.stream()
          .filter(sight -> sight.version() >= version)
          .mapToLong(Sight::ended)
          .min()
          .orElse(LimitTimeline.NEVER);
    }

    /** How long after this moment the side was still seen without the version; 0 if it was not. */
    private static long lastWithout(int version, List<Sight> side, long since) {
      return side.stream()
          .filter(sight -> sight.version() < version && sight.started() > since)
          .mapToLong(sight -> sight.started() - since)
          .max()
          .orElse(0);
    }
  }

  private static boolean readsTheOwner(Call call) {
    return isRead(call, Operation.READ_CUSTOMER);
  }

  private static boolean readsTheCopy(Call call) {
    return isRead(call, Operation.READ_CREDIT);
  }

  private static boolean isRead(Call call, Operation operation) {
    return call.operation() == operation && call.ending() == Ending.OK && call.version() > 0;
  }
}
