package dev.tandem.stack.soak;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.List;

/** The mode is changed every few seconds, through all of them, while everything else goes on. */
@InMode("xa")
class SwitchSoakIT extends SoakTest {
  SwitchSoakIT(RunningShop shop) {
    super(
        shop,
        List.of("tx-coordinator", "customer-service", "order-service", "broker"),
        new Switcher(shop, List.of("lra", "event", "xa")),
        Duration.ofSeconds(15));
  }
}
