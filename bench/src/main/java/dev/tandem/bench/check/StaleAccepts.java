package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.check.TwoDatabases.Order;
import dev.tandem.bench.history.Call;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Orders that were approved on an older limit, while the true one would have refused them.
 *
 * <p>An order was decided at one moment between its call's start and its answer, on version u of
 * the limit. Several versions v can have been the true one at that moment ({@link LimitTimeline}).
 * It is a <b>definite</b> stale accept if every one of them is newer than u and below what the
 * order demanded (all open orders and its own total): whatever really happened, the promise was
 * broken. It is a <b>possible</b> one if only some of them are: changes and order overlapped in
 * time, and nobody can say which came first. If the latest of them is u or older, the copy was not
 * behind. The demand is exact: order-service wrote it down under the account's lock.
 *
 * <p>Not seen: orders that nobody was answered about by id have no place in time; they are counted
 * as not judged.
 *
 * @param approved orders looked at
 * @param definite for certain
 * @param possible not for certain; definite and possible together are an upper bound
 * @param notJudged approved orders that no call of the history names
 * @param excess of the definite ones: by how much at least they were above the true limit
 * @param behindMillis of the definite ones: for how long at least the copy had been behind when the
 *     order was sent
 * @param possibleExcess of the possible ones: by how much at most
 * @param first definite one, in words; "" if none
 * @param worst definite one by its excess; "" if none
 */
public record StaleAccepts(
    long approved,
    long definite,
    long possible,
    long notJudged,
    Spread excess,
    Spread behindMillis,
    Spread possibleExcess,
    String first,
    String worst) {
  private static final double NANOS_PER_MILLI = 1e6;

  enum Certainty {
    NOT_STALE,
    POSSIBLE,
    DEFINITE
  }

  /**
   * Of one order.
   *
   * @param excess at least, if definite; at most, if possible
   * @param behindNanos at least, if definite; else 0
   */
  record Finding(
      Order order, Certainty certainty, BigDecimal excess, long behindNanos, long started) {
    static final Comparator<Finding> BY_EXCESS = Comparator.comparing(Finding::excess);

    String inWords() {
      return "order %s of %s, decided on version %d, was %s above the true limit, and the copy had been behind for %.1f ms"
          .formatted(
              order.id(), order.customer(), order.version(), excess, behindNanos / NANOS_PER_MILLI);
    }
  }

  static StaleAccepts of(Material material) throws SQLException {
    var orders =
        material.databases().orders(material.customers()).stream()
            .filter(order -> !order.rejected() && order.version() > 0)
            .toList();
    var placed =
        material
            .orders()
            .filter(call -> !call.orderId().isEmpty())
            .collect(Collectors.groupingBy(Call::orderId));
    var timelines = timelines(material);
    var findings = new ArrayList<Finding>();
    for (var order : orders) {
      var calls = placed.get(order.id());
      var timeline = timelines.get(order.customer());
      if (calls != null && timeline != null) {
        findings.add(judge(order, calls, timeline));
      }
    }
    return of(orders.size(), findings);
  }

  private static Map<String, LimitTimeline> timelines(Material material) throws SQLException {
    var changes =
        material.databases().changesAtOwner(material.customers()).stream()
            .collect(Collectors.groupingBy(Change::customer));
    return material.calls().stream()
        .filter(call -> !call.customer().isEmpty())
        .collect(Collectors.groupingBy(Call::customer))
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each ->
                    new LimitTimeline(
                        changes.getOrDefault(each.getKey(), List.of()), each.getValue())));
  }

  /**
   * A call that was sent again: the decision was after its first start, before its first answer.
   */
  private static Finding judge(Order order, List<Call> calls, LimitTimeline timeline) {
    long from = calls.stream().mapToLong(Call::started).min().orElseThrow();
    long to =
        calls.stream()
            .filter(Material::isDecided)
            .mapToLong(Call::ended)
            .min()
            .orElse(LimitTimeline.NEVER);
    return judge(order, from, to, timeline);
  }

  static Finding judge(Order order, long from, long to, LimitTimeline timeline) {
    var possible = timeline.possibleWithin(from, to);
    var refusing = new ArrayList<BigDecimal>();
    for (int version : possible) {
      excess(order, version, timeline).ifPresent(refusing::add);
    }
    if (refusing.isEmpty()) {
      return new Finding(order, Certainty.NOT_STALE, BigDecimal.ZERO, 0, from);
    }
    boolean definite = refusing.size() == possible.size();
    return new Finding(
        order,
        definite ? Certainty.DEFINITE : Certainty.POSSIBLE,
        refusing.stream()
            .reduce(definite ? BigDecimal::min : BigDecimal::max)
            .orElse(BigDecimal.ZERO),
        definite ? Math.max(0, from - timeline.knownSince((int) order.version() + 1)) : 0,
        from);
  }

  /** By how much this limit would have been exceeded; empty if it allows the order or was known. */
  private static Optional<BigDecimal> excess(Order order, int version, LimitTimeline timeline) {
    var limit = timeline.limit(version);
    return limit == null || version <= order.version()
        ? Optional.empty()
        : Optional.of(order.demand().subtract(limit)).filter(over -> over.signum() > 0);
  }

  private static StaleAccepts of(long approved, List<Finding> findings) {
    var definite = with(Certainty.DEFINITE, findings);
    var possible = with(Certainty.POSSIBLE, findings);
    return new StaleAccepts(
        approved,
        definite.size(),
        possible.size(),
        approved - findings.size(),
        Spread.of(definite.stream().map(Finding::excess).toList()),
        Spread.of(
            definite.stream().map(finding -> finding.behindNanos() / NANOS_PER_MILLI).toList()),
        Spread.of(possible.stream().map(Finding::excess).toList()),
        definite.stream()
            .min(Comparator.comparingLong(Finding::started))
            .map(Finding::inWords)
            .orElse(""),
        definite.stream().max(Finding.BY_EXCESS).map(Finding::inWords).orElse(""));
  }

  private static List<Finding> with(Certainty certainty, List<Finding> findings) {
    return findings.stream().filter(finding -> finding.certainty() == certainty).toList();
  }
}
