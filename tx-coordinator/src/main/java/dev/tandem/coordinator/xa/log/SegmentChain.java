package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The log as a whole: appends to its segment and changes it when it is full. Used by one thread at
 * a time; the figures may be read by all.
 */
final class SegmentChain {

  private static final int LARGEST_SEGMENT_BYTES = 1024 * 1024 * 1024;

  private final LogFolder folder;
  private final FileOperations files;
  private final LogSettings settings;
  private final Clock clock;
  private final LogState state;
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong segments = new AtomicLong();
  private Segment segment;

  /**
   * Always goes on in a new segment: what a crash or a failed force left in the old one is not
   * built upon.
   */
  SegmentChain(
      LogFolder folder,
      FileOperations files,
      LogSettings settings,
      Clock clock,
      LogState state,
      long newest,
      long nextRecord)
      throws IOException {
    this.folder = folder;
    this.files = files;
    this.settings = settings;
    this.clock = clock;
    this.state = state;
    this.segment = change(null, newest, nextRecord, List.of());
  }

  /** Returns when the records are forced. */
  void append(List<byte[]> bodies) throws IOException {
    if (!segment.fits(bodies)) {
      segment = change(segment, segment.number(), segment.nextRecord(), bodies);
    }
    long before = segment.position();
    segment.append(bodies);
    count(bodies.size(), segment.position() - before);
  }

  void seal() throws IOException {
    segment.seal();
  }

  void close() throws IOException {
    segment.close();
  }

  void abandon() throws IOException {
    segment.abandon();
  }

  LogFigures figures() {
    return new LogFigures(forces.get(), records.get(), bytes.get(), segments.get());
  }

  /** The old segment stays until the new one, with all that lives, is forced and has its name. */
  private Segment change(@Nullable Segment old, long number, long nextRecord, List<byte[]> waiting)
      throws IOException {
    List<byte[]> live = state.asRecords();
    int capacity = capacityFor(live, waiting);
    var blank = folder.blank(capacity);
    var next = Segment.begin(files, blank.channel(), number + 1, clock.instant(), nextRecord, live);
    folder.promote(blank, number + 1);
    if (old != null) {
      old.abandon();
    }
    if (number > 0) {
      folder.retire(number);
    }
    folder.keepSpare(capacity);
    segments.incrementAndGet();
    count(live.size(), next.position());
    return next;
  }

  /** The head may take half of a segment: then changes stay rare, however much is undelivered. */
  private int capacityFor(List<byte[]> live, List<byte[]> waiting) throws IOException {
    long head = Segment.headBytes(live);
    long all = head + Group.of(0, 0, 0, waiting).bytesOnDisk() + Group.BLOCK;
    long capacity = settings.segmentBytes();
    while (capacity < 2 * head || capacity < all) {
      capacity *= 2;
    }
    if (capacity > LARGEST_SEGMENT_BYTES) {
      throw new IOException(
          live.size() + " undelivered decisions are more than a segment can hold");
    }
    return (int) capacity;
  }

  private void count(int moreRecords, long moreBytes) {
    forces.incrementAndGet();
    records.addAndGet(moreRecords);
    bytes.addAndGet(moreBytes);
  }
}
