package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;

/** The segment being written. Used by one thread at a time. */
final class Segment {

  private final FileOperations files;
  private final FileChannel channel;
  private final long number;
  private final long capacity;
  private ByteBuffer buffer = ByteBuffer.allocate(16 * Group.BLOCK);
  private long position;
  private long nextGroup;
  private long nextRecord;
  private boolean sealed;

  private Segment(FileOperations files, FileChannel channel, long number, long firstRecord)
      throws IOException {
    this.files = files;
    this.channel = channel;
    this.number = number;
    this.capacity = channel.size();
    this.nextRecord = firstRecord;
  }

  /** Writes header and head over a preallocated file and forces them. */
  static Segment begin(
      FileOperations files,
      FileChannel blank,
      long number,
      Instant now,
      long firstRecord,
      List<byte[]> live)
      throws IOException {
    var segment = new Segment(files, blank, number, firstRecord);
    segment.writeHead(now, live);
    files.force(blank);
    return segment;
  }

  private void writeHead(Instant now, List<byte[]> live) throws IOException {
    var head = Group.of(number, 0, nextRecord, live);
    room(headBytes(live));
    new SegmentHeader(number, capacity, now).writeTo(buffer);
    head.writeTo(buffer, live);
    files.writeFully(channel, buffer.flip(), 0);
    advance(head, headBytes(live));
  }

  static int headBytes(List<byte[]> live) {
    return Group.BLOCK + Group.of(0, 0, 0, live).bytesOnDisk();
  }

  long number() {
    return number;
  }

  long nextRecord() {
    return nextRecord;
  }

  long position() {
    return position;
  }

  /** Is there room for such a group and for the seal after it? */
  boolean fits(List<byte[]> bodies) {
    return position + Group.of(0, 0, 0, bodies).bytesOnDisk() + Group.BLOCK <= capacity;
  }

  /** Returns when the records are forced. After an exception nothing may be written any more. */
  void append(List<byte[]> bodies) throws IOException {
    var group = write(bodies);
    files.force(channel);
    advance(group, group.bytesOnDisk());
  }

  /**
   * Writes, without a force, an empty group where the next one will be written over it. It
   * testifies that everything before it was forced, so that damage to the last group is not taken
   * for a torn write.
   */
  void seal() throws IOException {
    if (!sealed) {
      write(List.of());
      sealed = true;
    }
  }

  void close() throws IOException {
    seal();
    files.force(channel);
    channel.close();
  }

  /** Closes the file as it is: it was superseded, or writing it failed. */
  void abandon() throws IOException {
    channel.close();
  }

  private Group write(List<byte[]> bodies) throws IOException {
    var group = Group.of(number, nextGroup, nextRecord, bodies);
    room(group.bytesOnDisk());
    group.writeTo(buffer, bodies);
    files.writeFully(channel, buffer.flip(), position);
    return group;
  }

  private void advance(Group group, int bytes) {
    position += bytes;
    nextGroup = group.number() + 1;
    nextRecord = group.nextRecord();
    sealed = false;
  }

  private void room(int bytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocate(bytes);
    }
    buffer.clear();
  }
}
