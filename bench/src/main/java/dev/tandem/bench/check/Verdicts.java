package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFile;
import dev.tandem.bench.check.Verdict.Standing;
import dev.tandem.bench.history.Call;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of every promise of every mode in one run.
 *
 * @param modes in the order in which they ran
 */
public record Verdicts(List<ModeVerdicts> modes, NegativeControl negativeControl) {
  public static final RunFile<Verdicts> FILE = new RunFile<>("verdicts.json", Verdicts.class);

  /**
   * Asks all checks. To be called when the run has settled and nothing is under way.
   *
   * @param calls the whole history, of all modes
   * @throws SQLException if a database cannot be read: then nothing is known
   * @throws IllegalArgumentException if a mode ran of which no promise is written down
   */
  public static Verdicts of(RunFacts facts, List<Call> calls, TwoDatabases databases)
      throws SQLException {
    var control = NegativeControl.callsIn(calls);
    var others = new ArrayList<>(calls);
    others.removeAll(control);
    var modes = new ArrayList<ModeVerdicts>();
    for (var mode : modes(facts, others)) {
      modes.add(ModeVerdicts.of(Material.of(mode, facts, others, databases)));
    }
    return new Verdicts(modes, NegativeControl.of(facts, control, databases));
  }

  /** Those that had a turn; without any turn, those that made calls. */
  private static List<String> modes(RunFacts facts, List<Call> calls) {
    var turns =
        facts.windows().stream()
            .filter(window -> !window.name().equals(NegativeControl.WINDOW))
            .map(RunFacts.Window::mode)
            .distinct()
            .toList();
    return turns.isEmpty() ? calls.stream().map(Call::mode).distinct().toList() : turns;
  }

  /** Whether a mode has broken a promise that it gives. */
  public boolean broken() {
    return modes.stream()
        .flatMap(mode -> mode.verdicts().stream())
        .anyMatch(verdict -> verdict.standing() == Standing.BROKEN);
  }

  /** Whether the good word of the checks is worth nothing; see {@link NegativeControl}. */
  public boolean blind() {
    return !negativeControl.caught();
  }
}
