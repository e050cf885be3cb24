package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AimTest {
  private static final Aim AIM = Aim.ofPendingCompensations(Duration.ofSeconds(3));

  private final List<Report> compensations =
      List.of(
          report("order-service killed early", true, "nothing", 1),
          report("tx-coordinator and order-service away", true, "nothing", 4));

  @Test
  void theMedianIsOfPendingCompensationsAlone() {
    var quick =
        List.of(
            report("order-service killed late", true, "applied", 0),
            report("order-service killed before", false, "nothing", 0),
            report("tx-coordinator killed", true, "nothing", 0));

    assertThat(AIM.isAbout(quick)).isFalse();
    assertThat(AIM.reached(quick).holds()).as("of none").isFalse();
    var all = new ArrayList<>(quick);
    all.addAll(compensations);
    assertThat(AIM.reached(all).holds()).isFalse();
    assertThat(AIM.reached(all).words()).isEqualTo("median 4000 ms, at most 4000 ms, of 2");
    assertThat(Aim.ofAll(Duration.ofSeconds(3)).reached(all).holds()).isTrue();
  }

  @Test
  void itIsReachedWhenHalfOfThemAreOver() {
    var all = new ArrayList<>(compensations);
    all.add(report("order-service frozen", true, "nothing", 3));

    assertThat(AIM.reached(all).holds()).isTrue();
    assertThat(AIM.reached(all).words()).isEqualTo("median 3000 ms, at most 4000 ms, of 3");
  }

  private static Report report(String cell, boolean joined, String outcome, int seconds) {
    var took = Duration.ofSeconds(seconds);
    return new Report(cell, "202", outcome, joined, took, took, List.of());
  }
}
