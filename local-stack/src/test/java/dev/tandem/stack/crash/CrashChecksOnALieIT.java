package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Evidence;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cells' checks, played where the promise is not kept: they must see it. */
@Tag("crash")
class CrashChecksOnALieIT {

  @Test
  void aChangeThatBesteffortLeavesHalfDoneIsSeen() throws Exception {
    try (var stack = CrashStack.up("lie", "besteffort")) {
      var report =
          Cell.killed("order-service", Step.BESTEFFORT_BETWEEN_THE_COMMITS)
              .play(stack, Duration.ofSeconds(3));

      assertThat(report.outcome()).isEqualTo("owner 250.00 v2, copy 100.00 v1");
      assertThat(report.evidence())
          .filteredOn(each -> !each.holds())
          .extracting(Evidence::claim)
          .contains(
              "databases agree, nothing is prepared, no lock is held, in time",
              "the client's answer is true",
              "both databases have the same limits",
              "every change is whole",
              "refused changes are on neither side");
      assertThat(report.evidence().get(0).holds()).as("it stood at the step").isTrue();
    }
  }
}
