package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.check.TwoDatabases.Order;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param changes that took place, beyond the first version of each customer
 * @param seenDiffering of these, those during which the two sides were seen to differ
 * @param atLeastMillis of those seen differing
 * @param notSeenAgain acknowledged changes that no later call showed at the copy
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

  static Difference of(Material material) throws SQLException {
    var changes =
        material.databases().changesAtOwner(material.customers()).stream()
            .filter(change -> change.version() >= SECOND)
            .collect(Collectors.groupingBy(Change::customer));
    var calls =
        material.calls().stream()
            .filter(call -> changes.containsKey(call.customer()))
            .collect(Collectors.groupingBy(Call::customer));
    var found = new Findings(decidedOn(material));
    changes.forEach((customer, own) -> found.add(own, calls.getOrDefault(customer, List.of())));
    return new Difference(
        changes.values().stream().mapToLong(List::size).sum(),
        found.differed.size(),
        Spread.of(found.differed),
        found.notSeenAgain,
        Spread.of(found.firstSeen));
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
    private long notSeenAgain;

    Findings(Map<String, Long> decidedOn) {
      this.decidedOn = decidedOn;
    }

    void add(List<Change> changes, List<Call> calls) {
      var timeline = new LimitTimeline(changes, calls);
      var owner = calls.stream().filter(Difference::readsTheOwner).map(Sight::of).toList();
      var copy =
          Stream.concat(
                  calls.stream().filter(Difference::readsTheCopy).map(Sight::of),
                  calls.stream().filter(Material::isDecided).flatMap(this::decision))
              .toList();
      for (var change : changes) {
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
      if (acknowledged == LimitTimeline.NEVER) {
        return;
      }
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
