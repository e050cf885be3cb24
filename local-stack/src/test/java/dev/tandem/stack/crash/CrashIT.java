package dev.tandem.stack.crash;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;

/** Of {@link CrashTableIT}. */
@InMode("xa")
class CrashIT extends SampleCells {
  CrashIT(RunningShop shop) {
    super(
        shop,
        Cell.killed("tx-coordinator", Step.AFTER_THE_DECISION),
        Cell.killed("order-service", Step.BOTH_ARE_PREPARED),
        Cell.frozen("tx-coordinator", Duration.ofSeconds(3), Step.BEFORE_THE_DECISION),
        Cell.killed(TwoDatabases.COPY, Step.AFTER_THE_DECISION));
  }
}
