package dev.tandem.broker;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program. {@code --help} says what it does, and which environment it reads. */
@Command(
    name = "broker",
    sortOptions = false,
    header = "Runs the message broker of Tandem's mode event until it is told to stop (SIGTERM).",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nEnvironment (required; secrets are never on the command line):%n",
    footer = {
      "  TANDEM_EVENT_BROKER_USER, TANDEM_EVENT_BROKER_PASSWORD",
      "                         the one user that may send and consume"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:it cannot work, or not any more; the last line says why",
      "2:wrong usage",
      "143:stopped in good order by SIGTERM"
    })
public final class TandemBroker implements Callable<Integer> {
  private static final long BYTES_OF_A_MEBIBYTE = 1024 * 1024;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--folder",
      required = true,
      paramLabel = "<folder>",
      description = "Keeps the messages; made if it is not there.")
  private Path folder = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "61616",
      description = "For clients, on 127.0.0.1; 0 for a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--health-port",
      paramLabel = "<port>",
      defaultValue = "9161",
      description = "For GET /health, on 127.0.0.1; 0 for a free one (default: ${DEFAULT-VALUE}).")
  private int healthPort;

  @Option(
      names = "--lanes",
      paramLabel = "<n>",
      defaultValue = "${env:TANDEM_EVENT_LANES:-8}",
      description =
          "Queues that the limits travel through; as many as the services are told by"
              + " tandem.event.lanes (default: TANDEM_EVENT_LANES, or 8).")
  private int lanes;

  @Option(
      names = "--memory",
      paramLabel = "<MiB>",
      defaultValue = "64",
      description =
          "What messages that wait may take, all lanes together; more are refused until some are"
              + " consumed (default: ${DEFAULT-VALUE}).")
  private long memory;

  @Option(
      names = "--exit-when-active",
      description = "Start, stop, and end: a check, and what the build archives classes from.")
  private boolean exitWhenActive;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private final Map<String, String> environment;

  private TandemBroker(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    Logs.setUp();
    System.exit(
        new CommandLine(new TandemBroker(System.getenv()))
            .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command.getErr()))
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    var broker = Broker.start(settings(), TandemBroker::endAtOnce);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-broker"));
    var health = HealthPage.open(broker, healthPort);
    say("active at " + broker.url() + ", health at " + health.url());
    if (!exitWhenActive) {
      Thread.currentThread().join();
    }
    return 0;
  }

  private BrokerSettings settings() {
    return new BrokerSettings(
        folder.toAbsolutePath().normalize(),
        port,
        lanes,
        memory * BYTES_OF_A_MEBIBYTE / Math.max(1, lanes),
        environment.getOrDefault("TANDEM_EVENT_BROKER_USER", ""),
        environment.getOrDefault("TANDEM_EVENT_BROKER_PASSWORD", ""));
  }

  private void say(String sentence) {
    spec.commandLine().getOut().println("broker: " + sentence);
  }

  private static int failed(Exception e, PrintWriter err) {
    err.println("broker: " + (e instanceof BrokerException ? e.getMessage() : "stopped by " + e));
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The disk has failed: nothing may be acknowledged any more, and nothing is left to be saved. */
  private static void endAtOnce(String reason) {
    System.err.println("broker: ended, because the disk failed: " + reason);
    Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
  }
}
