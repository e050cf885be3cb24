package dev.tandem.stack;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Files that only their owner may read, written whole or not at all. */
final class PrivateFile {
  private PrivateFile() {}

  static void write(Path file, String text) {
    try {
      var folder = Installation.folder(file.toAbsolutePath().resolveSibling(""));
      var permissions =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var unfinished = Files.createTempFile(folder, ".unfinished-", "", permissions);
      Files.writeString(unfinished, text);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StackException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StackException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> readProperties(Path file) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(read(file).orElse("")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var values = new TreeMap<String, String>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name)));
    return values;
  }

  /** Values are written as they are, apart from backslashes; they have no line ends. */
  static void writeProperties(Path file, Map<String, String> values) {
    write(
        file,
        values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\") + "\n")
            .collect(Collectors.joining()));
  }
}
