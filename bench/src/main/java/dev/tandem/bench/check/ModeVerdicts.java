package dev.tandem.bench.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the checks say of one mode.
 *
 * @param customers that the mode had for itself
 */
public record ModeVerdicts(
    String mode,
    int customers,
    List<Verdict> verdicts,
    StaleAccepts staleAccepts,
    Difference difference,
    LockTime lockTime) {

  static ModeVerdicts of(Material material) throws SQLException {
    var verdicts = new ArrayList<Verdict>();
    for (var check : Promises.CHECKS) {
      verdicts.add(
          Verdict.of(check.promise(), Promises.gives(material.mode(), check), check.of(material)));
    }
    return new ModeVerdicts(
        material.mode(),
        material.customers().size(),
        verdicts,
        StaleAccepts.of(material),
        Difference.of(material),
        LockTime.of(material));
  }
}
