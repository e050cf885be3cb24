package dev.tandem.bench.check;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds what is stored although no call accounts for it. A call whose answer named what it made
 * accounts for that; one whose outcome is unknown and that named nothing, for one thing of its
 * customer and amount. What remains was made by a call that was told otherwise, or twice by one.
 */
final class Unexplained {
  private final Set<String> named = new HashSet<>();
  private final Map<String, Integer> unnamed = new HashMap<>();

  /**
   * @param name the id of what a call made, "" if its answer did not tell
   */
  Unexplained(Stream<Call> calls, Function<Call, String> name) {
    calls
        .filter(call -> call.ending() == Ending.OK || call.ending() == Ending.UNKNOWN)
        .forEach(call -> explain(call, name.apply(call)));
  }

  private void explain(Call call, String name) {
    if (name.isEmpty()) {
      unnamed.merge(key(call.customer(), new BigDecimal(call.amount())), 1, Integer::sum);
    } else {
      named.add(name);
    }
  }

  /** A thing that is stored. */
  record Stored(String id, String customer, BigDecimal amount, String words) {}

  /** In words, each that is too many. */
  List<String> among(List<Stored> all) {
    var left = new HashMap<>(unnamed);
    return all.stream()
        .filter(stored -> !named.contains(stored.id()) && !take(left, stored))
        .map(Stored::words)
        .toList();
  }

  private static boolean take(Map<String, Integer> left, Stored stored) {
    var key = key(stored.customer(), stored.amount());
    return left.merge(key, -1, Integer::sum) >= 0;
  }

  private static String key(String customer, BigDecimal amount) {
    return customer + " " + amount.stripTrailingZeros().toPlainString();
  }
}
