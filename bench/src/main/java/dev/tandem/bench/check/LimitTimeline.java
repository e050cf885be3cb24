package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When each version of one customer's limit was the true one, as far as the driver's own clock can
 * tell.
 *
 * <p>The true limit is the owner's. Version v came into force at a moment T(v) that nobody has
 * seen, T(v) &lt;= T(v+1); v was the true version from T(v) up to T(v+1). Two bounds are known of
 * it, both by the clock of the driver alone, because no effect comes before its cause:
 *
 * <ul>
 *   <li>not before: T(v) is at or after the start of the call that asked for v, and of those that
 *       asked for the versions before it;
 *   <li>known since: T(v) is at or before the first end of a call whose answer showed v or a later
 *       version: the one that acknowledged it, or a read of the owner. What a read of the copy
 *       shows is no evidence of the owner: a copy may be ahead of it for a moment.
 * </ul>
 *
 * <p>So at some moment of [from, to] version v can have been the true one exactly if v may have
 * begun by then, {@code notBefore(v) <= to}, and the next one need not have begun at the latest
 * moment before: {@code knownSince(v+1) > max(from, notBefore(v))}. Any such v is consistent with
 * all that was seen. Between the bounds nothing is guessed.
 *
 * <p>All calls that ask for changes must be in the history. Where no answer named the change, it
 * may have been asked for by any call without an answer for the same amount: the earliest of them
 * counts. That widens what is possible, and never makes anything definite.
 */
final class LimitTimeline {
  /** No bound. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long ALWAYS = Long.MIN_VALUE;
  private static final int FIRST = 1;

  private final @Nullable BigDecimal[] limits;
  private final long[] notBefore;
  private final long[] knownSince;
  private final long[] acknowledged;

  /**
   * @param changes of this customer at the owner
   * @param calls of this customer
   */
  LimitTimeline(List<Change> changes, List<Call> calls) {
    int last = changes.stream().mapToInt(change -> (int) change.version()).max().orElse(FIRST);
    limits = new BigDecimal[last + 2];
    notBefore = new long[last + 2];
    knownSince = new long[last + 2];
    acknowledged = new long[last + 2];
    Arrays.fill(notBefore, ALWAYS);
    Arrays.fill(knownSince, NEVER);
    Arrays.fill(acknowledged, NEVER);
    var asked = new Asked(calls);
    changes.forEach(change -> add(change, asked.by(change)));
    calls.stream().filter(LimitTimeline::showsTheOwner).forEach(this::isShown);
    for (int version = FIRST + 1; version <= last; version++) {
      notBefore[version] = Math.max(notBefore[version], notBefore[version - 1]);
    }
    for (int version = last - 1; version >= 0; version--) {
      knownSince[version] = Math.min(knownSince[version], knownSince[version + 1]);
    }
  }

  private void add(Change change, List<Call> askedBy) {
    int version = (int) change.version();
    limits[version] = change.limit();
    notBefore[version] = askedBy.stream().mapToLong(Call::started).min().orElse(ALWAYS);
    acknowledged[version] =
        askedBy.stream()
            .filter(call -> call.ending() == Ending.OK && call.changeId().equals(change.id()))
            .mapToLong(Call::ended)
            .min()
            .orElse(NEVER);
    knownSince[version] = acknowledged[version];
  }

  /** Which calls may have asked for a change. */
  private static final class Asked {
    private final Map<String, List<Call>> byId;
    private final Map<BigDecimal, List<Call>> unnamed;

    Asked(List<Call> calls) {
      var changes = calls.stream().filter(LimitTimeline::isChange).toList();
      byId = changes.stream().collect(Collectors.groupingBy(Call::changeId));
      unnamed =
          byId.getOrDefault("", List.of()).stream()
              .collect(
                  Collectors.groupingBy(
                      call -> new BigDecimal(call.amount()).stripTrailingZeros()));
    }

    List<Call> by(Change change) {
      return byId.getOrDefault(
          change.id(), unnamed.getOrDefault(change.limit().stripTrailingZeros(), List.of()));
    }
  }

  private static boolean isChange(Call call) {
    return call.operation() == Operation.CHANGE_LIMIT
        || call.operation() == Operation.CREATE_CUSTOMER;
  }

  private static boolean showsTheOwner(Call call) {
    return call.ending() == Ending.OK
        && call.version() >= FIRST
        && (isChange(call) || call.operation() == Operation.READ_CUSTOMER);
  }

  private void isShown(Call call) {
    int version = (int) Math.min(call.version(), last());
    knownSince[version] = Math.min(knownSince[version], call.ended());
  }

  int last() {
    return limits.length - 2;
  }

  /** Null for a version whose change is not written down. */
  @Nullable BigDecimal limit(int version) {
    return limits[version];
  }

  long notBefore(int version) {
    return notBefore[version];
  }

  /** {@link #NEVER} if nobody has seen it in force. */
  long knownSince(int version) {
    return knownSince[version];
  }

  /** When its change was acknowledged; {@link #NEVER} if it was not. */
  long acknowledged(int version) {
    return acknowledged[version];
  }

  /** The versions of which each can have been the true one at some moment of this time. */
  List<Integer> possibleWithin(long from, long to) {
    var possible = new ArrayList<Integer>();
    for (int version = FIRST; version <= last(); version++) {
      if (notBefore[version] <= to
          && (version == last() || knownSince[version + 1] > Math.max(from, notBefore[version]))) {
        possible.add(version);
      }
    }
    return possible;
  }
}
