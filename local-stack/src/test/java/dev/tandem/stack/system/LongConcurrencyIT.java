package dev.tandem.stack.system;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The same for 30 s: {@code ./mvnw verify -Pcrash}. */
@Tag("crash")
@InMode("xa")
class LongConcurrencyIT extends ConcurrencyIT {
  LongConcurrencyIT(RunningShop shop) {
    super(shop);
  }

  @Override
  Duration time() {
    return Duration.ofSeconds(30);
  }
}
