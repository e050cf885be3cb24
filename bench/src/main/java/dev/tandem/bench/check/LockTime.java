package dev.tandem.bench.check;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.sql.SQLException;
import java.util.stream.Collectors;

/**
 * For how long a change kept others of its customer waiting at the owner, by the owner's database
 * alone: from the instant at which it had the customer's row, or had it barred for its action, to
 * the commit that freed it. Only changes of a window in which one client works alone count: in the
 * others it would be the processor's queue.
 *
 * <p>PostgreSQL stamps a commit just before it forces it to the disk: this last forced write is not
 * in it. It needs {@code track_commit_timestamp}, which the stack's own databases have.
 *
 * @param millis of each such change; none if the database does not track its commits
 */
public record LockTime(Spread millis) {
  /** The window of the closed loop with one client. */
  public static final String ALONE = "closed-1";

  static LockTime of(Material material) throws SQLException {
    var alone =
        material
            .changes()
            .filter(call -> call.window().equals(ALONE) && call.ending() == Ending.OK)
            .map(Call::changeId)
            .collect(Collectors.toSet());
    return new LockTime(
        Spread.of(material.databases().lockedMillisAtOwner(material.customers(), alone)));
  }
}
