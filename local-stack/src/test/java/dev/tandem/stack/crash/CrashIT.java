package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.BesideTheShop;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Four cells of {@link CrashTableIT} that stand for the others in every build. */
@TestInstance(Lifecycle.PER_CLASS)
@BesideTheShop
class CrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private CrashStack stack;

  @BeforeAll
  void up() {
    // the services live for seconds: the quick compiler alone starts them in less time
    stack = CrashStack.up("sample", "xa", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  @AfterAll
  void leaveNothing() {
    if (stack != null) {
      stack.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> aChangeIsWholeAfterAFault() {
    return Stream.of(
            Cell.killed("tx-coordinator", Step.AFTER_THE_DECISION),
            Cell.killed("order-service", Step.BOTH_ARE_PREPARED),
            Cell.frozen("tx-coordinator", Duration.ofSeconds(3), Step.BEFORE_THE_DECISION),
            Cell.killed(TwoDatabases.COPY, Step.AFTER_THE_DECISION))
        .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell)));
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(stack, PATIENCE);
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }
}
