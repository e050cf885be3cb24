package dev.tandem.stack.cli;

import picocli.CommandLine.Command;

/** Stops everything; may be repeated. */
@Command(
    name = "down",
    description = "Stop everything in order. Data and logs are kept.",
    mixinStandardHelpOptions = true)
final class DownCommand extends StackCommand implements Runnable {
  @Override
  public void run() {
    if (!stack().down()) {
      out().println("Nothing runs.");
    }
  }
}
