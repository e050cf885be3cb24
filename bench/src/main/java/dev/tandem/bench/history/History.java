package dev.tandem.bench.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;

/** The calls of one run, as a file: gzipped, one JSON object a line. */
public final class History {
  /** Its name in the run's folder. */
  public static final String FILE = "history.jsonl.gz";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private History() {}

  /** In the order in which they were written, which is about that of their ends. */
  public static List<Call> read(Path file) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> JSON.readValue(line, Call.class)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the history " + file, e);
    }
  }

  static String line(Call call) {
    return JSON.writeValueAsString(call);
  }

  static Writer openForWriting(Path file) {
    try {
      return new BufferedWriter(
          new OutputStreamWriter(
              new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history " + file, e);
    }
  }
}
