package dev.tandem.coordinator.xa.log;

import static java.util.concurrent.ConcurrentHashMap.newKeySet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names in the log's folder, and the lock on it. A file named as a segment has a forced head.
 */
final class LogFolder {

  private static final Pattern SEGMENT = Pattern.compile("decisions-(\\d{19})\\.log");
  private static final int ALLOCATION_STEP = 1024 * 1024;

  /**
   * Folders held by this process. Without it, a second open here would close its own channel on the
   * lock file, and POSIX then drops the lock of the first.
   */
  private static final Set<Path> HELD = newKeySet();

  private final Path folder;
  private final FileOperations files;
  private final FileChannel lockFile;

  private LogFolder(Path folder, FileOperations files, FileChannel lockFile) {
    this.folder = folder;
    this.files = files;
    this.lockFile = lockFile;
  }

  /**
   * Creates the folder if need be and locks it until {@link #release} or the end of the process.
   */
  static LogFolder hold(Path path, FileOperations files) throws IOException {
    Path folder = Files.createDirectories(path).toRealPath();
    if (!HELD.add(folder)) {
      throw new LogUnusable(
          "The decision log " + folder + " is already open in this process. Open it once only.");
    }
    try {
      return new LogFolder(folder, files, lock(folder));
    } catch (IOException | RuntimeException failure) {
      HELD.remove(folder);
      throw failure;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    var channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new LogUnusable(
          "The decision log "
              + folder
              + " is in use by another process. Stop that coordinator, or give this one a folder and"
              + " a name of its own.");
    }
    return channel;
  }

  void release() throws IOException {
    if (lockFile.isOpen()) { // else the folder may be held anew
      lockFile.close();
      HELD.remove(folder);
    }
  }

  /** The numbers of the segments here, in order; normally one, two after a crash at a change. */
  List<Long> segments() throws IOException {
    try (var names = Files.list(folder)) {
      return names
          .map(file -> SEGMENT.matcher(file.getFileName().toString()))
          .filter(matcher -> matcher.matches())
          .map(matcher -> Long.valueOf(matcher.group(1)))
          .sorted()
          .toList();
    }
  }

  boolean hasSpare() {
    return Files.exists(spare());
  }

  byte[] read(long segment) throws IOException {
    return Files.readAllBytes(segment(segment));
  }

  /** Opens a file of this size, all of whose blocks are on disk: the spare, or else a new one. */
  Blank blank(int bytes) throws IOException {
    if (hasSpare() && Files.size(spare()) == bytes) {
      return new Blank(spare(), files.open(spare()));
    }
    files.delete(spare()); // first, for its room
    return allocate(bytes);
  }

  record Blank(Path file, FileChannel channel) {}

  /** Makes the file a segment, for good when this returns. */
  void promote(Blank blank, long segment) throws IOException {
    files.rename(blank.file(), segment(segment));
    files.forceFolder(folder);
  }

  /** Keeps the superseded segment's blocks as the spare, so that the next change needs no room. */
  void retire(long segment) throws IOException {
    files.rename(segment(segment), spare());
    files.forceFolder(folder);
  }

  void keepSpare(int bytes) throws IOException {
    if (hasSpare() && Files.size(spare()) == bytes) {
      return;
    }
    files.delete(spare());
    var blank = allocate(bytes);
    blank.channel().close();
    files.rename(blank.file(), spare());
    files.forceFolder(folder);
  }

  /** Removes what a crash in the middle of a segment change left; the newest segment stays. */
  void tidy() throws IOException {
    files.forceFolder(folder);
    files.delete(allocating());
    var segments = segments();
    for (Long superseded : segments.subList(0, Math.max(0, segments.size() - 1))) {
      retire(superseded);
    }
  }

  private Blank allocate(int bytes) throws IOException {
    files.delete(allocating());
    var channel = files.open(allocating());
    try {
      fillWithZeros(channel, bytes);
      files.force(channel);
      return new Blank(allocating(), channel);
    } catch (IOException noRoom) {
      channel.close();
      throw new IOException(
          "no room for a segment of " + bytes + " bytes: " + noRoom.getMessage(), noRoom);
    }
  }

  /** Written, not only lengthened: a hole would need room, and metadata, at the worst moment. */
  private void fillWithZeros(FileChannel channel, int bytes) throws IOException {
    var zeros = ByteBuffer.allocate(Math.min(bytes, ALLOCATION_STEP));
    for (int at = 0; at < bytes; at += zeros.limit()) {
      zeros.clear().limit(Math.min(zeros.capacity(), bytes - at));
      files.writeFully(channel, zeros, at);
    }
  }

  Path segment(long number) {
    return folder.resolve("decisions-%019d.log".formatted(number));
  }

  private Path spare() {
    return folder.resolve("spare");
  }

  private Path allocating() {
    return folder.resolve("allocating");
  }
}
