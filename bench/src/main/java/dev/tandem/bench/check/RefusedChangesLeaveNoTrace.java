package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.check.Unexplained.Stored;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a client was told has not taken place is on neither side: neither under the id that the
 * answer named nor, where it named none, as a change that no other call accounts for. Nor has a
 * change taken place twice.
 */
final class RefusedChangesLeaveNoTrace implements Check {

  @Override
  public String promise() {
    return "a refused change leaves no trace";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    var refused =
        material
            .changes()
            .filter(call -> call.ending() == Ending.REFUSED || call.ending() == Ending.FAILED)
            .toList();
    var ids = ids(refused);
    ids.removeAll(ids(material.changes().filter(RefusedChangesLeaveNoTrace::mayBe).toList()));
    var wrong = new ArrayList<>(material.shop().refusedDidNot(ids).wrong());
    var atOwner = unexplained(material, material.databases().changesAtOwner(material.customers()));
    var atCopy = unexplained(material, material.databases().changesAtCopy(material.customers()));
    var others = new TreeSet<>(atOwner);
    others.addAll(atCopy);
    others.removeIf(words -> ids.stream().anyMatch(words::contains));
    wrong.addAll(others);
    return Evidence.of(refused.size(), wrong);
  }

  private static boolean mayBe(Call call) {
    return call.ending() == Ending.OK || call.ending() == Ending.UNKNOWN;
  }

  private static Set<String> ids(List<Call> calls) {
    return calls.stream()
        .map(Call::changeId)
        .filter(id -> !id.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> unexplained(Material material, List<Change> changes) {
    var stored =
        changes.stream()
            .filter(change -> !change.creates())
            .map(
                change -> new Stored(change.id(), change.customer(), change.limit(), words(change)))
            .toList();
    return new Unexplained(material.changes(), Call::changeId).among(stored);
  }

  private static String words(Change change) {
    return "change %s of %s to %s took place as version %d, and nobody was told so"
        .formatted(change.id(), change.customer(), change.limit(), change.version());
  }
}
