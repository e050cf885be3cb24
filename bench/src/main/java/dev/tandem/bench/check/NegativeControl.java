package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.history.Call;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the checks can see at all: {@code besteffort} commits twice without a safety net, and at
 * the end of a run it is hit between its commits on purpose. Checks that find nothing wrong with it
 * then are blind, and so are those of a run in which it was not hit: their good word about the
 * others is worth nothing.
 *
 * @param hit the databases have shown that it was
 * @param by the promise whose check has caught it, and the first that it found; "" if none has
 */
public record NegativeControl(boolean hit, boolean caught, String by) {
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

  static NegativeControl of(RunFacts facts, List<Call> control, TwoDatabases databases)
      throws SQLException {
    boolean hit = facts.windows().stream().anyMatch(window -> window.name().equals(WINDOW));
    if (!hit) {
      return new NegativeControl(false, false, "");
    }
    var caught =
        ModeVerdicts.of(Material.of(LIAR, facts, control, databases)).verdicts().stream()
            .filter(each -> each.wrong() > 0 && Promises.tellsOfHalfAChange(each.promise()))
            .findFirst();
    return new NegativeControl(
        true,
        caught.isPresent(),
        caught.map(each -> each.promise() + ": " + each.first()).orElse(""));
  }

  /** For people: what the good word of the checks is worth. */
  public String inWords() {
    if (!hit) {
      return "BLIND: besteffort was never hit between its two commits, so nobody knows whether the checks can see anything.";
    }
    return caught
        ? "The checks have caught besteffort, which was hit between its two commits on purpose."
        : "BLIND: besteffort was hit between its two commits, and the checks did not see it.";
  }
}
