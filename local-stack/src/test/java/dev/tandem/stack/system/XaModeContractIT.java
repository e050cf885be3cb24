package dev.tandem.stack.system;

/** Two-phase commit promises all of it. */
@InMode("xa")
class XaModeContractIT extends SynchronousModeContract {
  XaModeContractIT(RunningShop shop) {
    super(shop);
  }
}
