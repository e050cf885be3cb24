package dev.tandem.stack.system;

import java.util.List;

/** Compensation promises all of it. What it allows beyond that is in {@link TentativeLimitIT}. */
@InMode("lra")
class LraModeContractIT extends SynchronousModeContract {
  LraModeContractIT(RunningShop shop) {
    super(shop);
  }

  @Override
  List<String> stepsOfAnAppliedChange() {
    return List.of("requested", "pending", "applied-by-owner", "taken-by-copy");
  }
}
