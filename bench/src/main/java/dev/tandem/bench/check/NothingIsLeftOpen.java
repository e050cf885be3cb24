package dev.tandem.bench.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * At the end nothing is in doubt, pending, owed to a client, written down as a contradiction, or
 * among the dead letters.
 */
final class NothingIsLeftOpen implements Check {
  private static final String XA = "xa";
  private static final String BRANCH_OF_XA = "xa1:"; // docs/internal-protocol.md

  @Override
  public String promise() {
    return "nothing is in doubt, pending or dead-lettered at the end";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    var shop = material.shop();
    var left = new ArrayList<String>();
    shop.nothingIsPrepared().wrong().stream()
        .filter(branch -> mayBeOf(material.mode(), branch))
        .forEach(left::add);
    left.addAll(shop.noChangeIsOpen().wrong());
    left.addAll(shop.noAnswerIsOwed().wrong());
    left.addAll(shop.noAnomaly().wrong());
    left.addAll(material.databases().leftBehind().getOrDefault(material.mode(), List.of()));
    return Evidence.of(material.customers().size(), left);
  }

  /**
   * A branch does not tell its customer, but by its name the mode; a foreign one may be anybody's.
   */
  private static boolean mayBeOf(String mode, String branch) {
    return mode.equals(XA) || !branch.startsWith(BRANCH_OF_XA);
  }
}
