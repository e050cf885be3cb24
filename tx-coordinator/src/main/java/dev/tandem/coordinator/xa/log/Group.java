package dev.tandem.coordinator.xa.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a group: records written by one write and made durable by one force. It begins at a
 * block and nothing else is ever in its blocks, so that writing one group cannot harm another.
 *
 * @param number counts up in the segment; 0 is the head, which carries the live records over
 * @param firstRecord sequence number of its first record
 */
record Group(long segment, long number, long firstRecord, int records, int bodyBytes) {

  static final int BLOCK = 4096;
  static final int HEADER_BYTES = 40;
  private static final int MAGIC = 0x54444731; // TDG1
  private static final int RECORD_HEADER_BYTES = 16;

  static Group of(long segment, long number, long firstRecord, List<byte[]> bodies) {
    int bytes = bodies.stream().mapToInt(body -> RECORD_HEADER_BYTES + body.length).sum();
    return new Group(segment, number, firstRecord, bodies.size(), bytes);
  }

  long nextRecord() {
    return firstRecord + records;
  }

  int bytesOnDisk() {
    return (HEADER_BYTES + bodyBytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  /**
   * Writes the group at the buffer's position, which must stand at a block, and pads it with zeros.
   */
  void writeTo(ByteBuffer out, List<byte[]> bodies) {
    int start = out.position();
    out.putInt(MAGIC).putInt(0).putLong(segment).putLong(number).putLong(firstRecord);
    out.putInt(records).putInt(bodyBytes);
    out.putInt(start + 4, headerChecksum(out, start));
    long sequence = firstRecord;
    for (byte[] body : bodies) {
      out.putInt(body.length).putInt(recordChecksum(sequence, body)).putLong(sequence++).put(body);
    }
    out.put(new byte[start + bytesOnDisk() - out.position()]);
  }

  /** The group whose header stands whole at this offset and is one of this segment; else null. */
  static @Nullable Group at(ByteBuffer in, int offset, long segment) {
    if (in.getInt(offset) != MAGIC || in.getInt(offset + 4) != headerChecksum(in, offset)) {
      return null;
    }
    var group =
        new Group(
            in.getLong(offset + 8),
            in.getLong(offset + 16),
            in.getLong(offset + 24),
            in.getInt(offset + 32),
            in.getInt(offset + 36));
    return group.segment == segment ? group : null;
  }

  /** The bodies of its records, or null if a single one of them is not what was written. */
  @Nullable List<byte[]> bodies(ByteBuffer in, int offset) {
    var bodies = new ArrayList<byte[]>();
    int end = offset + HEADER_BYTES + bodyBytes;
    int at = offset + HEADER_BYTES;
    for (long sequence = firstRecord; sequence < nextRecord(); sequence++) {
      int length = at + RECORD_HEADER_BYTES <= end ? in.getInt(at) : -1;
      if (length < 0 || length > end - at - RECORD_HEADER_BYTES) {
        return null;
      }
      var body = new byte[length];
      in.get(at + RECORD_HEADER_BYTES, body);
      if (in.getLong(at + 8) != sequence || in.getInt(at + 4) != recordChecksum(sequence, body)) {
        return null;
      }
      bodies.add(body);
      at += RECORD_HEADER_BYTES + length;
    }
    return at == end ? bodies : null;
  }

  private static int headerChecksum(ByteBuffer buffer, int offset) {
    return checksum(buffer, offset + 8, HEADER_BYTES - 8);
  }

  /** Over segment and sequence as well: a record that strayed from another place does not pass. */
  private int recordChecksum(long sequence, byte[] body) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.allocate(16).putLong(segment).putLong(sequence).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  static int checksum(ByteBuffer buffer, int offset, int length) {
    var crc = new CRC32C();
    crc.update(buffer.duplicate().clear().position(offset).limit(offset + length));
    return (int) crc.getValue();
  }
}
