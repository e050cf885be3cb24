package dev.tandem.bench.report;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.check.Verdicts;
import dev.tandem.bench.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Makes the report of a run from what the run has left in its folder. */
public final class Reports {
  /** For people, in a browser. */
  public static final String PAGE = "report.html";

  /** For people, as Markdown. */
  public static final String SUMMARY = "summary.md";

  private static final String ALL = "report.json";
  private static final String CELLS = "cells.csv";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Reports() {}

  /**
   * Reads history, facts and verdicts from the folder, and writes the report's four files beside
   * them. May be repeated: the same folder gives the same report.
   */
  public static void write(Path runFolder) {
    var figures =
        Figures.of(
            RunFacts.FILE.read(runFolder),
            History.read(runFolder.resolve(History.FILE)),
            Verdicts.FILE.read(runFolder));
    write(runFolder.resolve(ALL), JSON.writeValueAsString(figures));
    write(runFolder.resolve(CELLS), CellTable.of(figures));
    write(runFolder.resolve(SUMMARY), Summary.of(figures));
    write(runFolder.resolve(PAGE), Page.of(figures));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
