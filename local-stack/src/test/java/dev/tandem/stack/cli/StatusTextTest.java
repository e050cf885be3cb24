package dev.tandem.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void aShopInOrderHasNothingRed() {
    assertThat(text(new Unsettled(0, 2, 0, 0)))
        .isEqualTo("\nTandem is up, mode lra, 0 transactions in doubt, 2 actions open.");
  }

  @Test
  void whatIsInDoubtIsRed() {
    assertThat(text(new Unsettled(1, 0, 0, 0))).contains("@|red 1 transaction|@ in doubt");
  }

  @Test
  void whatSomebodyMustLookAtIsARedLine() {
    assertThat(text(new Unsettled(0, 1, 1, 2)))
        .contains("1 action open.\n@|red 2 anomalies: somebody must look.")
        .contains("\n@|red 1 failed action: somebody must look.");
  }

  private static String text(Unsettled unsettled) {
    return StatusText.of(new StackStatus(State.UP, "lra", unsettled, List.of()))
        .replace(System.lineSeparator(), "\n");
  }
}
