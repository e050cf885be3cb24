package dev.tandem.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Starts one part again. */
@Command(
    name = "start",
    description = "Start one part again, and wait until it is healthy.",
    mixinStandardHelpOptions = true)
final class StartCommand extends StackCommand implements Runnable {
  @Parameters(paramLabel = "PART", description = "The part's name, as ./tandem status shows it.")
  private String part = "";

  @Override
  public void run() {
    stack().start(part);
  }
}
