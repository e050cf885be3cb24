package dev.tandem.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What one part printed, over all its starts. */
final class LogFile {
  private static final long ROTATE_AT_BYTES = 20L * 1024 * 1024;

  private final Path file;
  private long startOfThisRun;

  LogFile(Path file) {
    this.file = file;
  }

  /** To be called before each start of the part. Keeps one older file. */
  void beginRun() {
    try {
      Installation.folder(file.resolveSibling(""));
      if (size() > ROTATE_AT_BYTES) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      startOfThisRun = size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  /** The last lines since the part was last started from here. */
  List<String> lastLines(int count) {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      var bytes = Files.readAllBytes(file);
      var from = (int) Math.min(startOfThisRun, bytes.length);
      var lines =
          new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long size() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
