package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Two cells of {@link LraCrashTableIT} that stand for the others in every build. */
@InMode("lra")
class LraCrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunningShop shop;

  LraCrashIT(RunningShop shop) {
    this.shop = shop;
  }

  @TestFactory
  Stream<DynamicTest> aChangeIsWholeAfterAFault() {
    shop.ordersBelowExposure("reject");
    return Stream.of(
            Cell.killed("tx-coordinator", Step.INSIDE_COMPLETE),
            Cell.killed("customer-service", Step.BOTH_ARE_PENDING))
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell)));
  }

  @AfterEach
  void leaveAWarmShop() {
    shop.warmUp();
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(CrashStack.of(shop), PATIENCE);
    System.out.print(report.row());
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }
}
