package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.CLOCK;
import static dev.tandem.coordinator.xa.log.Given.anomaly;
import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingDiskTest {

  private static final LogSettings SMALL = new LogSettings(16384);
  private static final LogSettings ONE_SEGMENT = new LogSettings(1024 * 1024);

  @TempDir Path temp;
  private final Halted halted = new Halted();

  /** Writes the given number of bytes at most at once, and none after the limit. */
  private static final class ShortWrites extends FileOperations {
    private final int step;
    private volatile boolean full;

    ShortWrites(int step) {
      this.step = step;
    }

    @Override
    int write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
      int length = full ? 0 : Math.min(step, bytes.remaining());
      int written = channel.write(bytes.slice(bytes.position(), length), position);
      bytes.position(bytes.position() + written);
      return written;
    }
  }

  private static final class FailingForce extends FileOperations {
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean failing;

    @Override
    void force(FileChannel channel) throws IOException {
      if (failing) {
        attempts.incrementAndGet();
        throw new IOException("Input/output error");
      }
      super.force(channel);
    }
  }

  /** Another process whose disk fails, with the halt that a real one has. */
  static final class Doomed {
    public static void main(String[] arguments) {
      var disk = new FailingForce();
      try (var log =
          DecisionLog.open(Path.of(arguments[0]), ONE_SEGMENT, CLOCK, Halt.process(), disk)) {
        disk.failing = true;
        log.decide(decision(1));
        System.out.println("decided");
      }
    }
  }

  @Test
  void theProcessEndsWithItsOwnStatusAndSaysWhy() throws Exception {
    var doomed = Given.process(Doomed.class, temp.resolve("log"));
    var errors = new String(doomed.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(errors).contains("No decision may follow", "Input/output error");
    assertThat(doomed.getInputStream().readAllBytes()).isEmpty();
    assertThat(doomed.waitFor()).isEqualTo(Halt.EXIT_STATUS);
  }

  @Test
  void aTextThatDoesNotFitIsRefusedAndTheLogGoesOn() {
    try (var log = open(new FileOperations(), ONE_SEGMENT)) {
      var tooLong = new Decision("x".repeat(65536), "reference", Map.of(), Given.NOW);
      assertThatThrownBy(() -> log.decide(tooLong)).isInstanceOf(IllegalArgumentException.class);
      log.decide(decision(1));
    }
    assertOnlyTheFirstIsThere();
    assertThat(halted.times()).isZero();
  }

  @Test
  void leftoversOfAnInterruptedSegmentChangeAreTidiedAway() throws IOException {
    Path folder = temp.resolve("log");
    try (var log = log(folder, SMALL)) {
      log.decide(decision(1));
    }
    Path superseded = Given.newestSegment(folder);
    byte[] bytes = Files.readAllBytes(superseded);
    try (var log = log(folder, SMALL)) {
      log.decide(decision(2));
      log.end("tandem-1");
    }
    Files.delete(folder.resolve("spare"));
    Files.write(superseded, bytes);
    Files.write(folder.resolve("allocating"), new byte[5000]);
    try (var log = log(folder, SMALL)) {
      assertThat(log.undelivered()).containsExactly(decision(2));
      assertThat(folder.toFile().list())
          .containsExactlyInAnyOrder(
              "lock", "spare", Given.newestSegment(folder).getFileName().toString());
    }
  }

  @Test
  void aShortWriteIsCompleted() {
    try (var log = open(new ShortWrites(100), ONE_SEGMENT)) {
      log.decide(decision(1));
      log.decide(decision(2));
    }
    try (var log = log(temp.resolve("log"), ONE_SEGMENT)) {
      assertThat(log.undelivered()).hasSize(2);
    }
    assertThat(halted.times()).isZero();
  }

  @Test
  void aShortWriteThatCannotBeCompletedHalts() {
    var disk = new ShortWrites(100);
    try (var log = open(disk, ONE_SEGMENT)) {
      log.decide(decision(1));
      disk.full = true;
      assertThatThrownBy(() -> log.decide(decision(2))).isExactlyInstanceOf(Error.class);
      assertThat(halted.reason()).contains("takes no more bytes", "No decision may follow");
    }
    assertOnlyTheFirstIsThere();
  }

  @Test
  void aFailingForceHaltsIsNotRetriedAndNothingIsDecidedAfterIt() {
    var disk = new FailingForce();
    try (var log = open(disk, ONE_SEGMENT)) {
      log.decide(decision(1));
      disk.failing = true;
      assertThatThrownBy(() -> log.decide(decision(2))).isExactlyInstanceOf(Error.class);
      disk.failing = false;
      assertThatThrownBy(() -> log.decide(decision(3))).isExactlyInstanceOf(Error.class);
      assertThatThrownBy(() -> log.note(anomaly(3))).isExactlyInstanceOf(Error.class);
      assertThat(log.find("tandem-2")).isEmpty();
    }
    assertThat(disk.attempts).hasValue(1);
    assertThat(halted.times()).isOne();
    assertThat(halted.reason()).contains("Input/output error");
  }

  @Test
  void whatIsAcknowledgedIsThereWhateverOperationFailsAndWhateverOfTheRestIsLost()
      throws IOException {
    for (int failAt = 1; failAt <= 40; failAt++) { // several segment changes long
      for (int seed = 0; seed < 4; seed++) {
        failAndCrash(temp.resolve("run-" + failAt + "-" + seed), failAt, new Random(seed));
      }
    }
  }

  private void failAndCrash(Path home, int failAt, Random random) throws IOException {
    var disk = new SimulatedDisk(home.resolve("attic"));
    var decided = new HashSet<Decision>();
    try (var log =
        DecisionLog.open(home.resolve("log"), SMALL, CLOCK, halted, disk.failAfter(failAt))) {
      for (int i = 0; i < 24; i++) {
        log.decide(decision(i));
        decided.add(decision(i));
      }
    } catch (LogUnusable | Error expected) {
      // the failure that was asked for
    }
    assertThat(disk.failed()).isTrue();
    disk.crash(random);
    try (var log = log(home.resolve("log"), SMALL)) {
      assertThat(log.undelivered()).as(home.toString()).containsAll(decided);
      assertThat(log.undelivered().size()).isBetween(decided.size(), decided.size() + 1);
    }
  }

  @Test
  void anAnomalyIsForcedLikeADecision() throws IOException {
    var disk = new SimulatedDisk(temp.resolve("attic"));
    for (int seed = 0; seed < 10; seed++) {
      var log = open(disk, ONE_SEGMENT);
      log.note(anomaly(seed));
      disk.crash(new Random(seed));
      log.close();
      try (var again = log(temp.resolve("log"), ONE_SEGMENT)) {
        assertThat(again.anomalies()).hasSize(seed + 1);
      }
      disk = new SimulatedDisk(temp.resolve("attic-" + seed));
    }
  }

  private DecisionLog open(FileOperations files, LogSettings settings) {
    return DecisionLog.open(temp.resolve("log"), settings, CLOCK, halted, files);
  }

  private void assertOnlyTheFirstIsThere() {
    try (var log = log(temp.resolve("log"), ONE_SEGMENT)) {
      assertThat(log.undelivered()).containsExactly(decision(1));
    }
  }
}
