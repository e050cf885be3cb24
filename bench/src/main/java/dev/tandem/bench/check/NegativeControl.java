package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.history.Call;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the checks can see at all: {@code besteffort} commits twice without a safety net, and in
 * a run with faults it is hit between its commits on purpose. Checks that find nothing wrong with
 * it then are blind, and their good word about the others is worth nothing.
 *
 * @param needed the run had a fault
 * @param by the promise whose check has caught it, and the first that it found; "" if none has
 */
public record NegativeControl(boolean needed, boolean caught, String by) {
  /** Of the calls that meet the kill between the commits. */
  static final String WINDOW = "control";

  private static final String LIAR = "besteffort";

  /** The calls of the customers that are there for the control alone. */
  static List<Call> callsIn(List<Call> calls) {
    var customers =
        calls.stream()
            .filter(call -> call.window().equals(WINDOW))
            .map(Call::customer)
            .collect(Collectors.toSet());
    return calls.stream().filter(call -> customers.contains(call.customer())).toList();
  }

  /** Where the control has no customers of its own, its mode's are looked at. */
  static NegativeControl of(
      RunFacts facts, List<Call> control, List<ModeVerdicts> modes, TwoDatabases databases)
      throws SQLException {
    var looked =
        control.isEmpty()
            ? modes
            : List.of(ModeVerdicts.of(Material.of(LIAR, facts, control, databases)));
    var caught =
        looked.stream()
            .filter(mode -> mode.mode().equals(LIAR))
            .flatMap(mode -> mode.verdicts().stream())
            .filter(each -> each.wrong() > 0 && Promises.tellsOfHalfAChange(each.promise()))
            .findFirst();
    return new NegativeControl(
        !facts.faults().isEmpty(),
        caught.isPresent(),
        caught.map(each -> each.promise() + ": " + each.first()).orElse(""));
  }
}
