package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long MILLI = 1_000_000;

  private final StringWriter said = new StringWriter();

  @Test
  void awayFromATerminalEachWindowIsOnePlainLine() {
    try (var progress = Progress.plain(new PrintWriter(said))) {
      progress.expect(Duration.ofSeconds(200));
      progress.begin("round 1 of 1, xa, healthy");
      progress.made(call(Ending.OK, 8 * MILLI));
      progress.made(call(Ending.FAILED, 2 * MILLI));
      progress.end();
      progress.begin("round 1 of 1, xa, settle");
      progress.end();
    }

    assertThat(said.toString().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("0:00 of 3:20  round 1 of 1, xa, healthy ")
        .endsWith(" 1 ok, 0 refused, 1 failed, 0 unknown, p50 2 ms, p99 8 ms");
    assertThat(said.toString()).doesNotContain("\u001b").endsWith("xa, settle\n");
  }

  @Test
  void onATerminalOneLineIsWrittenAnewWhileAWindowRuns() {
    var anew = "\r\u001b[K";
    try (var progress = Progress.terminal(new PrintWriter(said))) {
      progress.expect(Duration.ofSeconds(200));
      progress.begin("round 1 of 1, xa, healthy");
      progress.made(call(Ending.OK, 8 * MILLI));
      await().until(() -> said.toString().contains("xa, healthy  1 ok, 0 refused"));
      progress.end();
      progress.say("The report: here");
    }

    assertThat(said.toString())
        .startsWith(anew)
        .contains(anew + "The report: here\n")
        .endsWith(anew)
        .containsOnlyOnce("\n");
  }

  private static Call call(Ending ending, long took) {
    return new Call(
        1,
        "healthy-0",
        "xa",
        1,
        "healthy",
        Operation.PLACE_ORDER,
        "ada",
        "1.00",
        0,
        0,
        took,
        ending,
        200,
        "",
        0,
        "",
        "");
  }
}
