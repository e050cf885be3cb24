package dev.tandem.stack.cli;

import dev.tandem.stack.StackException;
import dev.tandem.stack.StackSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./tandem}: a command each for what can be done with the stack. */
@Command(
    name = "tandem",
    description =
        "Runs the shop on this machine: PostgreSQL twice, the message broker, tx-coordinator, customer-service and order-service.",
    mixinStandardHelpOptions = true,
    version = "tandem 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "./tandem bench compares the modes; see ./tandem bench --help."},
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ModeCommand.class,
      KillCommand.class,
      StartCommand.class,
      LogsCommand.class,
      DeadLettersCommand.class,
      DemoCommand.class
    })
public final class Tandem {
  @Spec private CommandSpec spec = CommandSpec.create();

  private final StackSettings settings;

  Tandem(StackSettings settings) {
    this.settings = settings;
  }

  /** The repository's folder is the system property {@code tandem.root}; the script sets it. */
  public static void main(String[] arguments) {
    var settings =
        StackSettings.of(Path.of(System.getProperty("tandem.root", ".")), System.getenv());
    System.exit(commandLine(settings).execute(arguments));
  }

  static CommandLine commandLine(StackSettings settings) {
    var commandLine = new CommandLine(new Tandem(settings));
    commandLine.setExecutionExceptionHandler(Tandem::sayWhatIsWrong);
    return commandLine;
  }

  StackSettings settings() {
    return settings;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static int sayWhatIsWrong(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult ignored)
      throws Exception {
    if (failure instanceof StackException told) {
      var err = commandLine.getErr();
      err.println(
          Ansi.AUTO.new Text("@|red tandem:|@ ", commandLine.getColorScheme())
              + String.valueOf(told.getMessage()));
      err.flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
