package dev.tandem.stack.cli;

import dev.tandem.stack.ModeReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the mode in force and who changed it, or changes it while everything runs. */
@Command(
    name = "mode",
    description = "Show how limits are kept in step, or change it while everything runs.",
    mixinStandardHelpOptions = true)
final class ModeCommand extends StackCommand implements Runnable {
  @Parameters(
      paramLabel = "MODE",
      arity = "0..1",
      description = "Put this mode in force, on every instance; who asks for it is written down.")
  private @Nullable String mode;

  @Override
  public void run() {
    if (mode == null) {
      show(stack().modeReport());
    } else {
      say(stack().switchTo(mode, System.getProperty("user.name", "somebody")));
    }
  }

  private void say(ModeReport report) {
    out()
        .printf(
            "Mode %s is in force, since %s, by %s.%n", report.mode(), report.since(), report.by());
    out().flush();
  }

  private void show(ModeReport report) {
    say(report);
    out().printf("Enabled: %s.%n", String.join(", ", report.enabled()));
    for (var change : report.changes()) {
      var from = change.from() == null ? "-" : change.from();
      out().printf("  %s  %s -> %s  by %s%n", change.at(), from, change.to(), change.by());
    }
    out().flush();
  }
}
