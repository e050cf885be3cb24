package dev.tandem.bench.check;

import java.sql.SQLException;

/** After the run has settled, owner and copy have the same limit and version of every customer. */
final class SidesAgree implements Check {

  @Override
  public String promise() {
    return "both sides agree after settling";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    return Evidence.of(material.shop().bothSidesAgree());
  }
}
