package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Some cells of a {@link CrashTable} that stand for the others in every build. */
abstract class SampleCells {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunningShop shop;
  private final List<Cell> cells;

  SampleCells(RunningShop shop, Cell... cells) {
    this.shop = shop;
    this.cells = List.of(cells);
  }

  @TestFactory
  final Stream<DynamicTest> aChangeIsWholeAfterAFault() {
    shop.ordersBelowExposure("reject");
    return cells.stream().map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell)));
  }

  @AfterEach
  final void leaveAWarmShop() {
    shop.warmUp();
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(CrashStack.of(shop), PATIENCE);
    System.out.print(report.row());
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }
}
