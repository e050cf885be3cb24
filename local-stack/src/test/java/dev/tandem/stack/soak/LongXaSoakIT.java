package dev.tandem.stack.soak;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The campaign in mode xa: {@code ./mvnw verify -Psoak}. */
@Tag("soak")
@InMode("xa")
class LongXaSoakIT extends SoakTest {
  LongXaSoakIT(RunningShop shop) {
    super(shop, Duration.ofMinutes(10));
  }
}
