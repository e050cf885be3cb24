package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Plays every fault at every step of a mode, and writes down what became of each change. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class CrashTable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String mode;
  private final Path table;
  private final List<Cell> cells;
  private final Duration median;
  private final List<Report> reports = new ArrayList<>();
  private CrashStack stack;

  /**
   * @param median how long half of the changes may take to their end, once all parts are back
   */
  CrashTable(String mode, Path table, List<Cell> cells, Duration median) {
    this.mode = mode;
    this.table = table;
    this.cells = cells;
    this.median = median;
  }

  @BeforeAll
  void up() {
    stack = CrashStack.up("table-" + mode, mode);
  }

  @AfterAll
  void leaveNothing() throws IOException {
    if (stack != null) {
      stack.close();
    }
    var text = new StringBuilder(Report.HEAD);
    reports.forEach(report -> text.append(report.row()));
    Files.writeString(table, text);
    System.out.println(text);
    System.out.printf(
        "median %d ms, where order-service came back %d ms%n",
        median("").toMillis(), median("order-service").toMillis());
  }

  @TestFactory
  Stream<DynamicTest> everyChangeIsWholeAfterEveryFault() {
    var wanted = Pattern.compile(System.getProperty("crash.cells", ""));
    return Stream.concat(
        cells.stream()
            .filter(cell -> wanted.matcher(cell.name()).find())
            .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell))),
        Stream.of(
            DynamicTest.dynamicTest(
                "half of them are over in " + median.toSeconds() + " s",
                () -> assertThat(median("")).isLessThanOrEqualTo(median))));
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(stack, PATIENCE);
    reports.add(report);
    System.out.print(report.row());
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }

  /** Of the cells whose name begins so. */
  private Duration median(String name) {
    var sorted =
        reports.stream()
            .filter(report -> report.cell().startsWith(name))
            .map(Report::settled)
            .sorted()
            .toList();
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
  }
}
