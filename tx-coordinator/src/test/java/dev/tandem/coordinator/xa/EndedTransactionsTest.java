package dev.tandem.coordinator.xa;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndedTransactionsTest {

  private static final Duration A_MOMENT = Duration.ofNanos(1);

  /** Near the end of the count: it may go over to negative numbers at any time. */
  private long now = Long.MAX_VALUE - EndedTransactions.KEPT.toNanos();

  private final EndedTransactions ended = new EndedTransactions(() -> now);

  @Test
  void anOutcomeIsKeptForTenMinutesAndThenForgotten() {
    ended.keep("tm1", Outcome.COMMITTED);
    pass(Duration.ofMinutes(10));
    ended.keep("tm2", Outcome.ROLLED_BACK);
    assertThat(ended.find("tm1")).isEqualTo(Outcome.COMMITTED);

    pass(A_MOMENT);
    ended.keep("tm3", Outcome.COMMITTED);
    assertThat(ended.find("tm1")).isNull();
    assertThat(ended.find("tm2")).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(ended.find("tm3")).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void ofMoreThanTwoHundredThousandTheOldestAreForgottenEarlier() {
    for (int number = 1; number <= 200_000; number++) {
      ended.keep("tm" + number, Outcome.COMMITTED);
    }
    assertThat(ended.find("tm1")).isEqualTo(Outcome.COMMITTED);

    ended.keep("tm200001", Outcome.COMMITTED);
    assertThat(ended.find("tm1")).isNull();
    assertThat(ended.find("tm2")).isEqualTo(Outcome.COMMITTED);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
