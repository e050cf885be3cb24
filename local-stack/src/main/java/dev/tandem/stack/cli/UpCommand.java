package dev.tandem.stack.cli;

import dev.tandem.stack.Stack;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything; stays in the foreground, or returns when all is healthy. */
@Command(
    name = "up",
    description = "Start everything; Ctrl-C stops it again.",
    mixinStandardHelpOptions = true)
final class UpCommand extends StackCommand implements Callable<Integer> {
  @Option(names = "--detach", description = "Return when all is healthy; ./tandem down stops it.")
  private boolean detach;

  @Option(names = "--fresh", description = "Delete all data first.")
  private boolean fresh;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "How limits are kept in step: xa (two-phase commit; the default), lra (compensation), event (the copy follows by messages), or besteffort (not at all: wants --enable besteffort, too). Data that were kept in another mode are switched; without this option they stay in theirs.")
  private @Nullable String mode;

  @Option(
      names = "--enable",
      paramLabel = "MODE",
      split = ",",
      description = "Load this mode besides those that always are; only besteffort needs it.")
  private List<String> enabled = new ArrayList<>();

  @Override
  public Integer call() {
    var began = System.nanoTime();
    var settings = settings().withModes(mode, enabled);
    var stack = stack(settings);
    var armed = new AtomicBoolean(true);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopUnlessDetached(stack, armed), "stop-parts"));
    stack.up(fresh);
    putInForce(stack);
    sayWhatToTry(stack, (System.nanoTime() - began) / 1e9);
    if (detach) {
      armed.set(false);
      return 0;
    }
    stack.watch();
    armed.set(false);
    out().println("Tandem was stopped by ./tandem down.");
    return 0;
  }

  /** On data that were kept, another mode may be in force: what is asked for here is wanted. */
  private void putInForce(Stack stack) {
    var wanted = mode;
    if (wanted == null) {
      return;
    }
    var before = stack.modeReport().mode();
    if (!before.equals(wanted)) {
      stack.switchTo(wanted, System.getProperty("user.name", "somebody"));
      out().printf("The data were kept in mode %s; it is %s now.%n", before, wanted);
    }
  }

  private static void stopUnlessDetached(Stack stack, AtomicBoolean armed) {
    if (armed.get()) {
      stack.interrupt();
    }
  }

  private void sayWhatToTry(Stack stack, double seconds) {
    PrintWriter out = out();
    out.printf(Locale.ROOT, "%nTandem is up after %.1f s. Try:%n", seconds);
    out.printf(
        "  curl -i %s/customers -H 'Content-Type: application/json' \\%n",
        stack.addresses("customer-service").url());
    out.printf("    -d '{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"500.00\"}}'%n");
    out.printf("%s stops it.%n", detach ? "./tandem down" : "Ctrl-C");
    out.flush();
  }
}
