package dev.tandem.stack.system;

import org.junit.jupiter.api.Tag;

/** Two local commits promise nothing about both sides together, and must be caught at that. */
@Tag("crash")
@InMode("besteffort")
class BestEffortModeContractIT extends SynchronousModeContract {
  BestEffortModeContractIT(RunningShop shop) {
    super(
        shop,
        "aVetoedChangeLeavesNoTrace",
        "whatIsRefusedWhileOrderServiceStandsStillLeavesNoTrace",
        "noChangeIsHalfDoneAfterOrderServiceWasKilled");
  }
}
