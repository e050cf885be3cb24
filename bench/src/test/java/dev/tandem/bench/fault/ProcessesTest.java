package dev.tandem.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  /** Its child ends at once, and it never asks for the child's exit code. */
  private static final String NEVER_ASKS = "sleep 0 & echo $!; exec sleep 60";

  @Test
  void aProcessOfWhichOnlyItsExitCodeIsLeftIsGone() throws Exception {
    var parent = new ProcessBuilder("sh", "-c", NEVER_ASKS).start();
    try (var said = parent.inputReader()) {
      long child = Long.parseLong(said.readLine());

      await().until(() -> Processes.isGone(child));
      assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive))
          .as("what Java says of such a one")
          .isPresent();
      assertThat(Processes.isGone(parent.pid())).isFalse();
    } finally {
      parent.destroyForcibly();
      assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Processes.isGone(parent.pid())).isTrue();
  }
}
