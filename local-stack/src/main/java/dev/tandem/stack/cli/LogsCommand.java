package dev.tandem.stack.cli;

import dev.tandem.stack.StackException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a part has printed. */
@Command(
    name = "logs",
    description = "Print the log of one part (or of db-init).",
    mixinStandardHelpOptions = true)
final class LogsCommand extends StackCommand implements Callable<Integer> {
  private static final long LOOK_AGAIN_MILLIS = 200;

  @Parameters(paramLabel = "PART", description = "The part's name, as ./tandem status shows it.")
  private String part = "";

  @Option(names = "--follow", description = "Go on with what it prints from now on, until Ctrl-C.")
  private boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var log = stack().log(part);
    if (!Files.exists(log)) {
      throw new StackException(part + " has not printed anything yet (there is no " + log + ").");
    }
    print(log);
    return 0;
  }

  private void print(Path log) throws IOException, InterruptedException {
    try (InputStream in = new FileInputStream(log.toFile())) {
      in.transferTo(System.out);
      System.out.flush();
      while (follow) {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        in.transferTo(System.out);
        System.out.flush();
      }
    }
  }
}
