package dev.tandem.coordinator.xa;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The outcomes of the last ten minutes, at most {@value #MOST} of them. */
final class EndedTransactions {

  /** Longer than any caller repeats a call, and than any list of branches is on its way. */
  static final Duration KEPT = Duration.ofMinutes(10);

  /** About 40 MB; at more than 333 transactions a second it is reached before the ten minutes. */
  static final int MOST = 200_000;

  private record Ended(Outcome outcome, long at) {}

  private final Map<String, Ended> outcomes = new LinkedHashMap<>();
  private final LongSupplier nanoTime;

  EndedTransactions() {
    this(System::nanoTime);
  }

  EndedTransactions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void keep(String id, Outcome outcome) {
    outcomes.put(id, new Ended(outcome, nanoTime.getAsLong()));
    forgetTheOldest();
  }

  private void forgetTheOldest() {
    var oldest = outcomes.values().iterator();
    long limit = nanoTime.getAsLong() - KEPT.toNanos();
    while (oldest.hasNext() && (oldest.next().at() - limit < 0 || outcomes.size() > MOST)) {
      oldest.remove();
    }
  }

  synchronized @Nullable Outcome find(String id) {
    var ended = outcomes.get(id);
    return ended == null ? null : ended.outcome();
  }
}
