package dev.tandem.coordinator.xa.log;

import java.nio.ByteBuffer;
import java.time.Instant;

/** The first block of a segment. */
record SegmentHeader(long number, long capacity, Instant begunAt) {

  static final int VERSION = 1;
  private static final long MAGIC = 0x54414e44454d444cL; // TANDEMDL
  private static final int CHECKED_BYTES = 40;

  void writeTo(ByteBuffer out) {
    int start = out.position();
    out.putLong(MAGIC).putInt(VERSION).putInt(Group.BLOCK).putLong(number).putLong(capacity);
    out.putLong(begunAt.toEpochMilli());
    out.putInt(Group.checksum(out, start, CHECKED_BYTES));
    out.put(new byte[start + Group.BLOCK - out.position()]);
  }

  /**
   * Throws {@link Damage} if it is not the header of segment {@code number}, whole and of this
   * version.
   */
  static SegmentHeader read(ByteBuffer in, long number) throws Damage {
    if (in.capacity() < Group.BLOCK) {
      throw new Damage(0, "the file ends inside its header");
    }
    if (in.getLong(0) != MAGIC
        || in.getInt(CHECKED_BYTES) != Group.checksum(in, 0, CHECKED_BYTES)) {
      throw new Damage(0, "the segment header fails its checksum");
    }
    if (in.getInt(8) != VERSION) {
      throw new Damage(8, "it has format version " + in.getInt(8) + ", known is " + VERSION);
    }
    var header =
        new SegmentHeader(in.getLong(16), in.getLong(24), Instant.ofEpochMilli(in.getLong(32)));
    if (header.number != number) {
      throw new Damage(16, "the header belongs to segment " + header.number);
    }
    if (header.capacity != in.capacity()) {
      throw new Damage(
          24, "the file has " + in.capacity() + " bytes, its header says " + header.capacity);
    }
    return header;
  }
}
