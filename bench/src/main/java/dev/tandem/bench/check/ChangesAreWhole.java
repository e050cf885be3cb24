package dev.tandem.bench.check;

import java.sql.SQLException;

/** No change took place on one side only, also where later ones have covered that up. */
final class ChangesAreWhole implements Check {

  @Override
  public String promise() {
    return "each change is on both sides or on neither";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    return Evidence.of(material.shop().noChangeIsHalfDone());
  }
}
