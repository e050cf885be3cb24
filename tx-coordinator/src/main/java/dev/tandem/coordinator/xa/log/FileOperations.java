package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Every change that the log makes on disk goes through here, so that tests can let each of them
 * fail.
 */
class FileOperations {

  FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  int write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    return channel.write(bytes, position);
  }

  /**
   * Without the file's own data, such as its times: the blocks and the length are there already.
   */
  void force(FileChannel channel) throws IOException {
    channel.force(false);
  }

  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes names that were created, changed or deleted in the folder last. */
  void forceFolder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  final void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int written = write(channel, bytes, at);
      if (written <= 0) {
        throw new IOException("the disk takes no more bytes at offset " + at);
      }
      at += written;
    }
  }
}
