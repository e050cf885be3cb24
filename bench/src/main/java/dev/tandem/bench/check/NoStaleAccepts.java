package dev.tandem.bench.check;

import java.sql.SQLException;

/** No order was for certain approved against the true limit; see {@link StaleAccepts}. */
final class NoStaleAccepts implements Check {

  @Override
  public String promise() {
    return "no order is approved that the true limit refuses";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    var stale = StaleAccepts.of(material);
    return new Evidence(stale.approved(), stale.definite(), stale.first(), stale.worst());
  }
}
