package dev.tandem.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the bench. */
@Command(name = "bench", mixinStandardHelpOptions = true)
public final class Bench {
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
