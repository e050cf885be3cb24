package dev.tandem.stack.cli;

import dev.tandem.stack.DeadLetters.Letter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what order-service could not take, and sends it again when its cause is gone. */
@Command(
    name = "dead-letters",
    description = "Show the messages of the mode event that order-service could not take.",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand extends StackCommand implements Runnable {
  private static final String ALL = "all";

  @Option(
      names = "--redrive",
      arity = "0..1",
      fallbackValue = ALL,
      paramLabel = "ID",
      description = "Send this one, or all, back to where they came from.")
  private @Nullable String redrive;

  @Override
  public void run() {
    if (redrive == null) {
      list();
    } else {
      redrive(redrive);
    }
  }

  private void list() {
    var letters = stack().deadLetters().list();
    letters.forEach(this::print);
    if (letters.isEmpty()) {
      out().println("There are no dead letters.");
    }
  }

  private void print(Letter letter) {
    out()
        .printf(
            "%s  %s  lane %s, %s attempts: %s%n    %s%n",
            letter.id(),
            letter.at(),
            letter.lane(),
            letter.attempts(),
            letter.reason(),
            letter.body());
  }

  private void redrive(String which) {
    var count = stack().deadLetters().redrive(which.equals(ALL) ? null : which);
    out().println(count + (count == 1 ? " letter was" : " letters were") + " sent again.");
  }
}
