package dev.tandem.stack.demo;

import dev.tandem.stack.Stack;
import dev.tandem.stack.shop.Evidence;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells the same story in every mode that promises something, and what differed. */
public final class Demo {

  private static final String NO_PROMISE = "besteffort";
  private static final Map<String, String> WHAT_IT_DOES =
      Map.of(
          "xa",
          "Two-phase commit: nobody sees a limit before both databases have it.",
          "lra",
          "Compensation: each service commits at once, and both are completed or both taken back.",
          "event",
          "Events: a change waits for nobody but its own database, and the copy follows.",
          NO_PROMISE,
          "One commit after the other, and no promise: the checks below may fail.");

  private final Stack stack;
  private final PrintWriter out;

  public Demo(Stack stack, PrintWriter out) {
    this.stack = stack;
    this.out = out;
  }

  /** What is told of one mode. */
  interface Telling {
    void of(Story story) throws SQLException, InterruptedException;
  }

  /**
   * Tells it in the enabled modes one after the other, and puts the mode in force again that was
   * before; where that one promises nothing, in that one alone.
   *
   * @return whether every check held, as the last sentence says, too
   */
  public boolean tell() throws SQLException, InterruptedException {
    return tell(Story::tell);
  }

  boolean tell(Telling telling) throws SQLException, InterruptedException {
    var before = stack.modeReport();
    var stories = new ArrayList<Story>();
    for (var mode : modes(before.mode(), before.enabled())) {
      out.printf("%n=== Mode %s. %s%n", mode, WHAT_IT_DOES.getOrDefault(mode, ""));
      if (!mode.equals(stack.mode())) {
        stack.switchTo(mode, "demo");
      }
      var story = new Story(stack, mode, out);
      telling.of(story);
      stories.add(story);
    }
    if (!before.mode().equals(stack.mode())) {
      stack.switchTo(before.mode(), "demo");
    }
    whatDiffered(stories);
    return verdict(stories.stream().flatMap(story -> story.evidence().stream()).toList());
  }

  private static List<String> modes(String inForce, List<String> enabled) {
    return inForce.equals(NO_PROMISE)
        ? List.of(inForce)
        : enabled.stream().filter(mode -> !mode.equals(NO_PROMISE)).toList();
  }

  private void whatDiffered(List<Story> stories) {
    out.printf("%n=== What differed%n%n");
    row("", stories.stream().map(Story::mode).toList());
    for (var fact : stories.get(0).facts().keySet()) {
      row(fact, stories.stream().map(story -> story.facts().getOrDefault(fact, "")).toList());
    }
  }

  private boolean verdict(List<Evidence> evidence) {
    boolean allHeld = evidence.stream().allMatch(Evidence::holds);
    out.println();
    out.println(
        (allHeld ? "Every check held." : "A CHECK FAILED: see BAD above.")
            + " Tandem is still up; ./tandem down stops it.");
    out.flush();
    return allHeld;
  }

  private void row(String title, List<String> cells) {
    var line = new StringBuilder(String.format(Locale.ROOT, "  %-44s", title));
    cells.forEach(cell -> line.append(String.format(Locale.ROOT, "  %-36s", cell)));
    out.println(line.toString().stripTrailing());
  }
}
