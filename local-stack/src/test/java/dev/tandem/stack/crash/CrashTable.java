package dev.tandem.stack.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.stack.shop.Evidence;
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
  private final List<Aim> aims;
  private final List<Report> reports = new ArrayList<>();
  private CrashStack stack;

  CrashTable(String mode, Path table, List<Cell> cells, Aim... aims) {
    this.mode = mode;
    this.table = table;
    this.cells = cells;
    this.aims = List.of(aims);
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
    aims.forEach(aim -> System.out.println(aim.reached(reports)));
  }

  @TestFactory
  Stream<DynamicTest> everyChangeIsWholeAfterEveryFault() {
    var wanted = Pattern.compile(System.getProperty("crash.cells", ""));
    return Stream.concat(
        cells.stream()
            .filter(cell -> wanted.matcher(cell.name()).find())
            .map(cell -> DynamicTest.dynamicTest(cell.name(), () -> play(cell))),
        aims.stream().map(aim -> DynamicTest.dynamicTest(aim.inWords(), () -> mustBeReached(aim))));
  }

  private void play(Cell cell) throws Exception {
    var report = cell.play(stack, PATIENCE);
    reports.add(report);
    System.out.print(report.row());
    assertThat(report.holds()).as(report.inWords()).isTrue();
  }

  private void mustBeReached(Aim aim) {
    boolean all = System.getProperty("crash.cells") == null;
    assumeTrue(all || aim.isAbout(reports), "none of the cells that were asked for");
    assertThat(aim.reached(reports)).matches(Evidence::holds, "holds");
  }
}
