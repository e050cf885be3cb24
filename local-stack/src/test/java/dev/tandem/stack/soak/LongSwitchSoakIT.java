package dev.tandem.stack.soak;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * The campaign of the switch: {@code ./mvnw verify -Psoak}. The mode is changed every few seconds,
 * through all of them, while everything else goes on; of its parts every build has the soak in mode
 * lra, and the switch under load without kills.
 */
@Tag("soak")
@InMode("xa")
class LongSwitchSoakIT extends SoakTest {
  LongSwitchSoakIT(RunningShop shop) {
    super(
        shop,
        List.of("tx-coordinator", "customer-service", "order-service", "broker"),
        new Switcher(shop, List.of("lra", "event", "xa")),
        Duration.ofMinutes(10));
  }
}
