package dev.tandem.stack.system;

/** Two local commits promise nothing about both sides together, and must be caught at that. */
@InMode("besteffort")
class BestEffortModeContractIT extends ModeContract {
  BestEffortModeContractIT(RunningShop shop) {
    super(
        shop,
        "aVetoedChangeLeavesNoTrace",
        "whatIsRefusedWhileOrderServiceStandsStillLeavesNoTrace",
        "noChangeIsHalfDoneAfterOrderServiceWasKilled");
  }
}
