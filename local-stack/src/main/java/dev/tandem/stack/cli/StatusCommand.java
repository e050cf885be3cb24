package dev.tandem.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Shows what runs, as a table, or as JSON for scripts. */
@Command(
    name = "status",
    description = "Show all parts, with their addresses, and what is not over yet.",
    mixinStandardHelpOptions = true)
final class StatusCommand extends StackCommand implements Runnable {
  @Option(names = "--json", description = "For scripts; shows the databases' passwords.")
  private boolean json;

  @Override
  public void run() {
    var status = stack().status();
    out().println(json ? StatusJson.of(status) : Ansi.AUTO.string(StatusText.of(status)));
  }
}
