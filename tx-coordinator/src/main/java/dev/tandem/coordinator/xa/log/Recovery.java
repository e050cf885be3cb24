package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment, and tells a group that was torn by a crash (never acknowledged: dropped) from
 * one that was damaged later (refused). A group is written only when the one before it has been
 * forced. So a bad group with any later group of the same segment had been forced; and the head was
 * forced before the file got its name.
 */
final class Recovery {

  private final long segment;
  private final ByteBuffer bytes;
  private final LogState state = new LogState();
  private long nextRecord = -1;

  private Recovery(long segment, byte[] bytes) {
    this.segment = segment;
    this.bytes = ByteBuffer.wrap(bytes);
  }

  static Recovery read(long segment, byte[] bytes) throws Damage {
    var recovery = new Recovery(segment, bytes);
    recovery.readAll();
    return recovery;
  }

  LogState state() {
    return state;
  }

  long nextRecord() {
    return nextRecord;
  }

  private void readAll() throws Damage {
    SegmentHeader.read(bytes, segment);
    int offset = Group.BLOCK;
    long number = 0;
    for (var group = read(offset, number); group != null; group = read(offset, ++number)) {
      offset += group.bytesOnDisk();
    }
    if (number == 0) {
      throw new Damage(offset, "the head of the segment, forced before it was used, is bad");
    }
    refuseIfForced(offset);
  }

  /** Applies the group here and returns it; null if it is not whole. */
  private @Nullable Group read(int offset, long number) throws Damage {
    var group = headerAt(offset);
    if (group == null || group.number() != number || isOutOfOrder(group)) {
      return null;
    }
    List<byte[]> bodies = fits(group, offset) ? group.bodies(bytes, offset) : null;
    if (bodies == null) {
      return null;
    }
    for (byte[] body : bodies) {
      state.apply(decode(body, offset));
    }
    nextRecord = group.nextRecord();
    return group;
  }

  private @Nullable Group headerAt(int offset) {
    return offset < bytes.capacity() ? Group.at(bytes, offset, segment) : null;
  }

  private boolean isOutOfOrder(Group group) {
    return nextRecord >= 0 && group.firstRecord() != nextRecord;
  }

  private boolean fits(Group group, int offset) {
    return group.bodyBytes() >= 0
        && group.bodyBytes() <= bytes.capacity() - offset - Group.HEADER_BYTES;
  }

  private static LogRecord decode(byte[] body, int offset) throws Damage {
    try {
      return LogRecord.decode(body);
    } catch (IOException unknown) {
      throw new Damage(offset, "a whole record cannot be read: " + unknown.getMessage());
    }
  }

  private void refuseIfForced(int bad) throws Damage {
    for (int offset = bad + Group.BLOCK; offset < bytes.capacity(); offset += Group.BLOCK) {
      var later = Group.at(bytes, offset, segment);
      if (later != null) {
        throw new Damage(
            bad, "a group that had been forced is bad (group " + later.number() + " follows it)");
      }
    }
  }
}
