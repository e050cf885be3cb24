package dev.tandem.stack.soak;

import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The campaign in mode lra: {@code ./mvnw verify -Psoak}. */
@Tag("soak")
@InMode("lra")
class LongLraSoakIT extends SoakTest {
  LongLraSoakIT(RunningShop shop) {
    super(shop, Duration.ofMinutes(10));
  }
}
