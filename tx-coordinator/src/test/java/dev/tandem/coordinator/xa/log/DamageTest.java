package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Block 0 is the header, 1 the head, 2 to 6 the five decisions, each a group, 7 the seal. */
class DamageTest {

  private static final LogSettings SETTINGS = new LogSettings(65536);
  private static final int LAST = 6;
  private static final int SEAL = 7;

  @TempDir Path temp;
  private Path segment;
  private byte[] sound;

  @BeforeEach
  void fiveDecisions() throws IOException {
    try (var log = log(temp, SETTINGS)) {
      IntStream.rangeClosed(1, 5).forEach(i -> log.decide(decision(i)));
    }
    segment = Given.newestSegment(temp);
    sound = Files.readAllBytes(segment);
  }

  @Test
  void aTornLastGroupIsDroppedAndTheLogGoesOn() throws IOException {
    for (int kept = 0; kept < bytesUsed(LAST); kept += 7) {
      byte[] torn = sound.clone();
      zero(torn, at(LAST) + kept, at(SEAL + 1));
      write(torn);
      try (var log = log(temp, SETTINGS)) {
        assertThat(log.undelivered()).as("%d bytes kept", kept).hasSize(4);
        log.decide(decision(6));
      }
      try (var log = log(temp, SETTINGS)) {
        assertThat(log.undelivered()).hasSize(5).doesNotContain(decision(5)).contains(decision(6));
      }
    }
  }

  @Test
  void aFlippedBitInAnythingThatWasForcedRefusesTheStart() throws IOException {
    for (int block = 0; block <= LAST; block++) {
      for (int offset = at(block); offset < at(block) + bytesUsed(block); offset++) {
        byte[] damaged = sound.clone();
        damaged[offset] ^= (byte) (1 << (offset % 8));
        assertRefused(damaged, segment.toString());
      }
    }
  }

  @Test
  void theRefusalNamesSegmentOffsetAndCure() throws IOException {
    byte[] damaged = sound.clone();
    damaged[at(3) + 60] ^= 4;
    write(damaged);
    assertThatThrownBy(() -> log(temp, SETTINGS))
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining(segment + " at offset " + at(3))
        .hasMessageContaining("Put back an undamaged copy");
    write(sound);
    try (var log = log(temp, SETTINGS)) {
      assertThat(log.undelivered()).hasSize(5); // the refused start changed nothing
    }
  }

  @Test
  void aDamagedLastGroupIsToldFromATornOneByTheSealAfterIt() throws IOException {
    byte[] damaged = sound.clone();
    damaged[at(LAST) + 50] ^= 1;
    assertRefused(damaged, "had been forced");

    zero(damaged, at(SEAL), at(SEAL + 1)); // what remains undecidable: no seal reached the disk
    write(damaged);
    try (var log = log(temp, SETTINGS)) {
      assertThat(log.undelivered()).hasSize(4);
    }
  }

  @Test
  void aDamagedHeadRefusesTheStartEvenWhenNothingFollowsIt() throws IOException {
    byte[] damaged = sound.clone();
    zero(damaged, at(2), damaged.length);
    damaged[at(1) + 20] ^= 1;
    assertRefused(damaged, "the head of the segment");
  }

  @Test
  void aDamagedSealCostsNothing() throws IOException {
    byte[] damaged = sound.clone();
    damaged[at(SEAL) + 9] ^= 1;
    write(damaged);
    try (var log = log(temp, SETTINGS)) {
      assertThat(log.undelivered()).hasSize(5);
    }
  }

  @Test
  void aSegmentCutShortRefusesTheStart() throws IOException {
    for (int length : new int[] {0, 100, at(1), at(3), at(LAST) + 10, sound.length - 4096}) {
      assertRefused(Arrays.copyOf(sound, length), segment.toString());
    }
  }

  @Test
  void aMissingSegmentRefusesTheStart() throws IOException {
    Files.delete(segment);
    assertThatThrownBy(() -> log(temp, SETTINGS))
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aLaterFormatVersionIsRefused() throws IOException {
    byte[] later = sound.clone();
    var buffer = ByteBuffer.wrap(later);
    buffer.putInt(8, SegmentHeader.VERSION + 1);
    buffer.putInt(40, Group.checksum(buffer, 0, 40));
    assertRefused(later, "format version 2");
  }

  @Test
  void bytesOfARecycledFileAreNeverTakenForRecords() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (var log = log(temp, SETTINGS)) {
        for (int number = 100; number < 140; number++) {
          log.decide(decision(number));
          log.end("tandem-" + number);
        }
      }
    }
    for (int i = 0; i < 3; i++) { // each start lies on a file full of old groups
      try (var log = log(temp, SETTINGS)) {
        assertThat(log.undelivered()).hasSize(5).doesNotContain(decision(139));
      }
    }
  }

  @Test
  void groupsWrittenInOneBlockNumberNeverTouchTheBlocksOfOthers() throws IOException {
    for (int block = 2; block <= SEAL; block++) {
      assertThat(Group.at(ByteBuffer.wrap(sound), at(block), 1).number()).isEqualTo(block - 1);
    }
  }

  private void assertRefused(byte[] bytes, String part) throws IOException {
    write(bytes);
    assertThatThrownBy(() -> log(temp, SETTINGS).close())
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining(part);
  }

  /** As it was, whatever an earlier start made of the folder. */
  private void write(byte[] bytes) throws IOException {
    Path newest = Given.newestSegment(temp);
    if (!newest.equals(segment)) {
      Files.delete(newest);
    }
    Files.write(segment, bytes);
  }

  /** Without the padding, whose bytes mean nothing. */
  private int bytesUsed(int block) {
    if (block == 0) {
      return 44;
    }
    var group = Group.at(ByteBuffer.wrap(sound), at(block), 1);
    return Group.HEADER_BYTES + group.bodyBytes();
  }

  private static int at(int block) {
    return block * Group.BLOCK;
  }

  private static void zero(byte[] bytes, int from, int to) {
    Arrays.fill(bytes, from, to, (byte) 0);
  }
}
