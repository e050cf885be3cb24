package dev.tandem.mode.lra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.mode.ActionId;
import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LraSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "999, 1, 1, 2, 1, time-limit",
    "60001, 1, 1, 2, 1, time-limit",
    "4000, 0, 1, 2, 1, start-within",
    "4000, 1, 0, 2, 1, join-within",
    "4000, 1, 1, 0, 1, work-within",
    "4000, 1, 1, 2, -1, end-within",
    "4000, 1, 2, 2, 1, join-within",
  })
  void aWrongSettingIsNamed(long limit, long start, long join, long work, long end, String name) {
    assertThatThrownBy(() -> settings(limit, start, join, work, end))
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining("tandem.lra." + name);
  }

  @Test
  void theLimitsThemselvesAreAllowed() {
    assertThat(settings(1_000, 1, 1, 2, 1).timeLimit()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings(60_000, 1, 1, 2, 1).timeLimit()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a?b", "a%2fb", "<a>"})
  void whatCannotStandInAPathIsNoAction(String uid) {
    assertThatThrownBy(() -> ActionId.lastSegmentOf("http://coordinator/lra-coordinator/" + uid))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LraSettings settings(long limit, long start, long join, long work, long end) {
    return new LraSettings(
        Duration.ofMillis(limit),
        Duration.ofMillis(start),
        Duration.ofMillis(join),
        Duration.ofMillis(work),
        Duration.ofMillis(end));
  }
}
