package dev.tandem.bench;

import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.PlanException;
import dev.tandem.bench.plan.Plans;
import dev.tandem.stack.StackException;
import dev.tandem.stack.StackSettings;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tandem bench}: one plan, all modes, and what came of it. */
@Command(
    name = "tandem bench",
    description = {
      "Compares the modes on a stack of its own: load, faults, checks, and a report. A stack that runs is left alone.",
      ""
    },
    mixinStandardHelpOptions = true,
    version = "tandem 0.1.0",
    exitCodeOnExecutionException = Bench.BLIND)
public final class Bench implements Callable<Integer> {
  static final int KEPT = 0;
  static final int BROKEN = 1;
  static final int USAGE = 2;
  static final int BLIND = 3;

  /** In every run: what the others are measured against, and what the checks must catch. */
  static final String FLOOR = "besteffort";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Option(names = "--plan", paramLabel = "PLAN", description = "A plan's name, or a YAML file.")
  private String plan = Plans.DEFAULT;

  @Option(
      names = "--modes",
      paramLabel = "MODE",
      split = ",",
      description = "Only these; besteffort, the floor, is always among them. Default: all.")
  private List<String> modes = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each mode has its turn; default: as the plan says.")
  private @Nullable Integer rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same operations. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where the report and all that it is made from go; default: bench-results/<time>-<plan>.")
  private @Nullable Path out;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Path root;

  /** Ctrl-C, or any other end from outside: what then goes wrong is no news. */
  private volatile boolean stopping;

  Bench(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The repository's folder is the system property {@code tandem.root}; the script sets it. */
  public static void main(String[] arguments) {
    System.exit(commandLine(Path.of(System.getProperty("tandem.root", "."))).execute(arguments));
  }

  static CommandLine commandLine(Path root) {
    var bench = new Bench(root);
    var commandLine =
        new CommandLine(bench)
            .setExecutionExceptionHandler((failure, line, parsed) -> bench.sayWhatIsWrong(failure));
    commandLine
        .getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "Plans: " + String.join(", ", Plans.NAMES) + ".",
            "",
            "Exit code: 0 every promise was kept; 1 a mode broke one that it gives; 2 wrong usage or"
                + " plan; 3 the run was blind (damage done on purpose was not seen) or could not be"
                + " carried out.");
    return commandLine;
  }

  @Override
  public Integer call() throws Exception {
    var chosen = Plans.find(plan);
    var times = rounds;
    if (times != null) {
      chosen = chosen.withRounds(positive(times));
    }
    try (var atExit = new AtExit("say-stopping", this::sayThatItIsStopping);
        var progress = Progress.to(spec.commandLine().getOut());
        var run = new Run(root, folder(chosen), chosen, chosenModes(), seed, progress)) {
      return run.carryOut();
    }
  }

  private void sayThatItIsStopping() {
    stopping = true;
    spec.commandLine().getErr().println("Stopped before the end: the stack is ended, too.");
    spec.commandLine().getErr().flush();
  }

  private int positive(int times) {
    if (times < 1) {
      throw new PlanException("--rounds is to be 1 or more, not " + times + ".");
    }
    return times;
  }

  private List<String> chosenModes() {
    for (var mode : modes) {
      if (!StackSettings.MODES.contains(mode)) {
        throw new PlanException(
            "There is no mode "
                + mode
                + ". The modes are "
                + String.join(", ", StackSettings.MODES)
                + ".");
      }
    }
    return StackSettings.MODES.stream()
        .filter(mode -> modes.isEmpty() || modes.contains(mode) || mode.equals(FLOOR))
        .toList();
  }

  private Path folder(Plan chosen) {
    var given = out;
    var folder =
        given != null
            ? given.toAbsolutePath()
            : root.resolve("bench-results")
                .resolve(LocalDateTime.now().format(TIME) + "-" + chosen.name());
    return folder.normalize();
  }

  private int sayWhatIsWrong(Exception failure) throws Exception {
    if (stopping) {
      return BLIND;
    }
    if (!(failure instanceof StackException) && !(failure instanceof PlanException)) {
      throw failure;
    }
    var err = spec.commandLine().getErr();
    err.println("tandem bench: " + failure.getMessage());
    err.flush();
    return failure instanceof PlanException ? USAGE : BLIND;
  }
}
