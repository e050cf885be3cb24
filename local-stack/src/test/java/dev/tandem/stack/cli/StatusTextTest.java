package dev.tandem.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.MessageFlow;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final Unsettled NOTHING = new Unsettled(0, 0, 0, 0);

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

  @Test
  void eventsHaveALineWhenAnythingIsKnownOfThem() {
    assertThat(text(NOTHING, new MessageFlow(7L, 1200L, 340L, 4L, 31L, 0L)))
        .endsWith(
            "\nEvents: 7 to publish (the oldest for 1200 ms), copy at most 340 ms old, lag p50 4 ms, p99 31 ms.");
    assertThat(text(NOTHING, new MessageFlow(null, null, null, null, null, 1L)))
        .contains("\nEvents: ? to publish", "\n@|red 1 dead letter: somebody must look.");
  }

  private static String text(Unsettled unsettled) {
    return text(unsettled, new MessageFlow(null, null, null, null, null, null));
  }

  private static String text(Unsettled unsettled, MessageFlow messages) {
    return StatusText.of(new StackStatus(State.UP, "lra", unsettled, messages, List.of()))
        .replace(System.lineSeparator(), "\n");
  }
}
