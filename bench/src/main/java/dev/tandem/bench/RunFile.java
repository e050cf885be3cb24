package dev.tandem.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of a run's folder that holds one value as JSON.
 *
 * @param name in that folder
 */
public record RunFile<T>(String name, Class<T> type) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public T read(Path runFolder) {
    try {
      return JSON.readValue(Files.readString(runFolder.resolve(name)), type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + runFolder.resolve(name), e);
    }
  }

  public void write(Path runFolder, T value) {
    try {
      Files.writeString(runFolder.resolve(name), JSON.writeValueAsString(value));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + runFolder.resolve(name), e);
    }
  }
}
