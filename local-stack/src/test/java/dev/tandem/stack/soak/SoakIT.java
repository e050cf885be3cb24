package dev.tandem.stack.soak;

import dev.tandem.stack.BesideTheShop;
import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;

/** A minute for every build, in a shop of its own, because the one shop is busy all the time. */
@InMode(value = "lra", alone = true)
@BesideTheShop
class SoakIT extends SoakTest {
  SoakIT(RunningShop shop) {
    super(shop, Duration.ofMinutes(1));
  }

  /** So that the tests beside it find a core. */
  @Override
  Duration thinks() {
    return Duration.ofMillis(100);
  }
}
