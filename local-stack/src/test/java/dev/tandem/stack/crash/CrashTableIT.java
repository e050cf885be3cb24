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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Every fault at every step: {@code ./mvnw verify -Pcrash}. {@code -Dcrash.cells=frozen} plays
 * those alone whose name contains the word.
 */
@Tag("crash")
@TestInstance(Lifecycle.PER_CLASS)
class CrashTableIT {
  private static final Path TABLE = Path.of("target", "crash-table.md");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration MEDIAN = Duration.ofSeconds(2);

  private final List<Report> reports = new ArrayList<>();
  private CrashStack stack;

  @BeforeAll
  void up() {
    stack = CrashStack.up("table", "xa");
  }

  @AfterAll
  void leaveNothing() throws IOException {
    if (stack != null) {
      stack.close();
    }
    var table = new StringBuilder(Report.HEAD);
    reports.forEach(report -> table.append(report.row()));
    Files.writeString(TABLE, table);
    System.out.println(table);
  }

  @TestFactory
  Stream<DynamicTest> everyChangeIsWholeAfterEveryFault() {
    var wanted = Pattern.compile(System.getProperty("crash.cells", ""));
    var cells =
        Cell.all().stream()
            .filter(cell -> wanted.matcher(cell.name()).find())
            .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell)));
    return Stream.concat(
        cells,
        Stream.of(DynamicTest.dynamicTest("half of them are over in 2 s", this::medianIsShort)));
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(stack, PATIENCE);
    reports.add(report);
    System.out.print(report.row());
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }

  private void medianIsShort() {
    var sorted = reports.stream().map(Report::settled).sorted().toList();
    assertThat(sorted.get(sorted.size() / 2)).isLessThanOrEqualTo(MEDIAN);
  }
}
