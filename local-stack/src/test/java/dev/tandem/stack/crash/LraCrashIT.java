package dev.tandem.stack.crash;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;

/** Of {@link LraCrashTableIT}. */
@InMode("lra")
class LraCrashIT extends SampleCells {
  LraCrashIT(RunningShop shop) {
    super(
        shop,
        Cell.killed("tx-coordinator", Step.INSIDE_COMPLETE),
        Cell.killed("customer-service", Step.BOTH_ARE_PENDING));
  }
}
