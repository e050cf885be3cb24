package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a client was told has taken place is on both sides: the change of that id, with the limit it
 * asked for, under the version it was told.
 */
final class AcknowledgedChangesStay implements Check {

  @Override
  public String promise() {
    return "no acknowledged change is lost";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    var owner = byId(material.databases().changesAtOwner(material.customers()));
    var copy = byId(material.databases().changesAtCopy(material.customers()));
    var acknowledged =
        material.changes().filter(call -> call.ending() == Ending.OK && hasId(call)).toList();
    var wrong = new ArrayList<String>();
    for (var call : acknowledged) {
      if (!isThere(owner, call)) {
        wrong.add(inWords(call) + " is not so at the owner");
      } else if (!isThere(copy, call)) {
        wrong.add(inWords(call) + " is not so at the copy");
      }
    }
    return Evidence.of(acknowledged.size(), wrong);
  }

  private static boolean hasId(Call call) {
    return !call.changeId().isEmpty();
  }

  private static boolean isThere(Map<String, Change> side, Call call) {
    var change = side.get(call.changeId());
    return change != null
        && change.customer().equals(call.customer())
        && change.limit().compareTo(new BigDecimal(call.amount())) == 0
        && (call.version() == 0 || call.version() == change.version());
  }

  private static Map<String, Change> byId(List<Change> changes) {
    return changes.stream().collect(Collectors.toMap(Change::id, Function.identity()));
  }

  private static String inWords(Call call) {
    return "change %s of %s to %s, acknowledged as version %d,"
        .formatted(call.changeId(), call.customer(), call.amount(), call.version());
  }
}
