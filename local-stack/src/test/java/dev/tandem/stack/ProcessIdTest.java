package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessIdTest {
  /** Its child ends at once, and it never asks for the child's exit code. */
  private static final String NEVER_ASKS = "sleep 0 & echo $!; exec sleep 60";

  private Process process;

  @BeforeEach
  void start() throws IOException {
    process = new ProcessBuilder("sh", "-c", "sleep 60; true").start();
  }

  @AfterEach
  void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Test
  void anIdIsReadAsItWasWritten() {
    var id = ProcessId.running(process.pid()).orElseThrow();

    assertThat(ProcessId.parse(id.asText())).contains(id);
    assertThat(id.isAlive()).isTrue();
  }

  @Test
  void anotherProcessWithTheSamePidIsNotIt() {
    var id = ProcessId.running(process.pid()).orElseThrow();
    var earlier = new ProcessId(id.pid(), id.startTicks() - 1, id.boot());
    var beforeReboot = new ProcessId(id.pid(), id.startTicks(), "another boot");

    ProcessId.signal("KILL", Set.of(earlier, beforeReboot));

    assertThat(earlier.isAlive()).isFalse();
    assertThat(beforeReboot.isAlive()).isFalse();
    assertThat(id.isAlive()).isTrue();
  }

  @Test
  void theFamilyIncludesChildrenAndIsKilledAsAWhole() {
    var id = ProcessId.running(process.pid()).orElseThrow();
    assertThat(Waiting.until(Duration.ofSeconds(5), () -> id.withDescendants().size() == 2))
        .isTrue();
    var family = id.withDescendants();

    ProcessId.signal("KILL", family);

    assertThat(ProcessId.awaitEnd(Duration.ofSeconds(5), family)).isTrue();
  }

  @Test
  void aProcessOfWhichOnlyItsExitCodeIsLeftIsNotRunning() throws Exception {
    var parent = new ProcessBuilder("sh", "-c", NEVER_ASKS).start();
    try (var said = parent.inputReader()) {
      long child = Long.parseLong(said.readLine());

      assertThat(Waiting.until(Duration.ofSeconds(5), () -> ProcessId.running(child).isEmpty()))
          .isTrue();
      assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive))
          .as("what Java says of such a one")
          .isPresent();
      assertThat(ProcessId.running(parent.pid())).isPresent();
    } finally {
      parent.destroyForcibly();
      assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(ProcessId.running(parent.pid())).isEmpty();
  }

  @Test
  void rubbishIsNoId() {
    assertThat(ProcessId.parse("")).isEmpty();
    assertThat(ProcessId.parse("one two three")).isEmpty();
  }
}
