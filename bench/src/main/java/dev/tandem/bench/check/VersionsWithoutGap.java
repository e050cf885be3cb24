package dev.tandem.bench.check;

import java.sql.SQLException;

/** On each side every version took place once, and the last one's limit is in force. */
final class VersionsWithoutGap implements Check {

  @Override
  public String promise() {
    return "each change is applied once, versions without gap";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    return Evidence.of(material.shop().noVersionIsMissing());
  }
}
