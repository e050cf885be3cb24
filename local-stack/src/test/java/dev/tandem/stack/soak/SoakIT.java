package dev.tandem.stack.soak;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;

/** A minute for every build. */
@InMode("lra")
class SoakIT extends SoakTest {
  SoakIT(RunningShop shop) {
    super(shop, Duration.ofMinutes(1));
  }

  /** So that the tests beside it find a core. */
  @Override
  Duration thinks() {
    return Duration.ofMillis(30);
  }
}
