package dev.tandem.coordinator.xa.log;

/**
 * How the log lies on disk.
 *
 * @param segmentBytes size of one segment, a multiple of 4096 and at least 16384; the folder holds
 *     two of them. A segment is larger only while undelivered decisions would fill more than half
 *     of it.
 */
public record LogSettings(int segmentBytes) {

  private static final int DEFAULT_SEGMENT_BYTES = 8 * 1024 * 1024;

  public LogSettings {
    if (segmentBytes < 16384 || segmentBytes % 4096 != 0) {
      throw new IllegalArgumentException(
          "segmentBytes must be a multiple of 4096 and at least 16384, but is " + segmentBytes);
    }
  }

  public static LogSettings defaults() {
    return new LogSettings(DEFAULT_SEGMENT_BYTES);
  }
}
