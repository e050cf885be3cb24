package dev.tandem.stack;

import static dev.tandem.stack.Parallel.later;

import java.util.List;
import java.util.TreeSet;

/**
 * What is not over yet, or will not be over by itself.
 *
 * @param inDoubt transactions prepared somewhere and neither committed nor rolled back: as the
 *     coordinator counts them, or, when it is away, as the databases that can be reached show them
 * @param openActions long running actions without an end; counted in the same way
 * @param failedActions those that the coordinator has given up: a participant could not do as it
 *     was told. 0 while the coordinator is away
 * @param anomalies contradictions that somebody has to look at: those that both services have
 *     written down in their databases, and the coordinator's. One that two of them have met counts
 *     twice, and one in what cannot be reached not at all
 */
public record Unsettled(long inDoubt, long openActions, long failedActions, long anomalies) {

  static final Unsettled NOTHING = new Unsettled(0, 0, 0, 0);

  /** Nothing here ends by itself: a human has to look. */
  public boolean needsSomebody() {
    return failedActions > 0 || anomalies > 0;
  }

  static Unsettled in(Parts parts, String token) {
    var coordinator = parts.coordinatorPart().internalUrl();
    var transactions = later(() -> Http.get(coordinator + "/internal/xa/transactions", token));
    var actions = later(() -> Http.get(coordinator + "/internal/lra/actions", token));
    var anomalies = later(() -> anomaliesIn(parts));
    var inDoubt =
        later(
            () ->
                transactions
                    .join()
                    .flatMap(all -> all.number("inDoubt"))
                    .orElseGet(() -> preparedIn(parts)));
    var open =
        later(
            () ->
                actions
                    .join()
                    .flatMap(all -> all.number("open"))
                    .orElseGet(() -> pendingIn(parts)));
    return new Unsettled(
        inDoubt.join(),
        open.join(),
        actions.join().flatMap(all -> all.number("failed")).orElse(0L),
        transactions.join().flatMap(all -> all.length("anomalies")).orElse(0L) + anomalies.join());
  }

  private static long preparedIn(Parts parts) {
    // The second part of a branch's name is its transaction: docs/internal-protocol.md.
    var transactions =
        "select split_part(gid, ':', 2) from pg_prepared_xacts where gid like 'xa1:%'";
    return distinct(parts.servers(), transactions);
  }

  private static long pendingIn(Parts parts) {
    return distinct(parts.stores(), "select action from limit_change where state = 'pending'");
  }

  private static long distinct(List<Store> stores, String query) {
    var found = new TreeSet<String>();
    Parallel.map(stores, store -> Sql.column(store, query)).forEach(found::addAll);
    return found.size();
  }

  private static long anomaliesIn(Parts parts) {
    return Parallel.map(
            parts.stores(), store -> Sql.column(store, "select anomaly_number::text from anomaly"))
        .stream()
        .mapToLong(List::size)
        .sum();
  }
}
