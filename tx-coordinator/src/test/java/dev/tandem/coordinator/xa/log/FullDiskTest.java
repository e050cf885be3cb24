package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.CLOCK;
import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 640 KiB that is really full. */
class FullDiskTest {

  private static final LogSettings SETTINGS = new LogSettings(128 * 1024);

  @TempDir Path temp;
  private Path disk;
  private Path folder;
  private boolean mounted;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Files.createDirectory(temp.resolve("disk"));
    folder = disk.resolve("log");
    mounted = command("mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", disk.toString());
    assumeTrue(mounted, "mounting a small tmpfs needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(command("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void aFullDiskDoesNotStopALogWhoseDecisionsAreDelivered() throws Exception {
    try (var log = log(folder, SETTINGS)) {
      fillTheDisk();
      for (int i = 0; i < 1000; i++) {
        log.decide(decision(i));
        log.end("tandem-" + i);
      }
      assertThat(log.figures().segments()).isGreaterThan(10);
    }
  }

  @Test
  void withoutRoomForALargerSegmentItHaltsAndLosesNothing() throws Exception {
    var halted = new Halted();
    var decided = new HashSet<Decision>();
    try (var log = DecisionLog.open(folder, SETTINGS, CLOCK, halted)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  log.decide(decision(i));
                  decided.add(decision(i));
                }
              })
          .isExactlyInstanceOf(Error.class);
    }
    assertThat(halted.reason()).contains("no room for a segment of", folder.toString());
    assertThatThrownBy(() -> log(folder, SETTINGS))
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining("no room for a segment of");

    assertThat(command("mount", "-o", "remount,size=8m", disk.toString())).isTrue();
    try (var log = log(folder, SETTINGS)) {
      assertThat(log.undelivered()).containsAll(decided).hasSizeGreaterThan(500);
    }
  }

  @Test
  void aLogThatFindsNoRoomAtItsStartIsRefusedWithASentence() throws Exception {
    Files.createDirectory(folder);
    fillTheDisk();
    assertThatThrownBy(() -> log(folder, SETTINGS))
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining("no room for a segment of 131072 bytes")
        .hasMessageContaining("Check that the folder");
  }

  private void fillTheDisk() throws IOException {
    try (var out = Files.newOutputStream(disk.resolve("ballast"))) {
      for (; ; ) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      assertThat(disk.toFile().getUsableSpace()).isLessThan(8192);
    }
  }

  private static boolean command(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }
}
