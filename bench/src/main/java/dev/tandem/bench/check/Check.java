package dev.tandem.bench.check;

import java.sql.SQLException;

/** One promise, held against what clients were told and what both databases keep. */
public interface Check {

  /** What should be true, in words for a table. */
  String promise();

  /** Looks when nothing is under way any more: two servers have no snapshot in common. */
  Evidence of(Material material) throws SQLException;
}
