package dev.tandem.stack.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** kill -9 of one part: the fault that everything here must survive. */
@Command(
    name = "kill",
    description = "kill -9 one part, its children included.",
    mixinStandardHelpOptions = true)
final class KillCommand extends StackCommand implements Runnable {
  @Parameters(paramLabel = "PART", description = "The part's name, as ./tandem status shows it.")
  private String part = "";

  @Override
  public void run() {
    stack().kill(part);
  }
}
