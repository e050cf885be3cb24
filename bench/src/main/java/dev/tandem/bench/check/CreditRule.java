package dev.tandem.bench.check;

import java.sql.SQLException;

/** Rule R1 by replaying each credit account in its own sequence, without any clock. */
final class CreditRule implements Check {

  @Override
  public String promise() {
    return "no order is above the limit that it was decided on (R1)";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    return Evidence.of(material.shop().noOrderIsBeyondItsLimit());
  }
}
