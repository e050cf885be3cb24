package dev.tandem.stack.cli;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Shows what runs, as a table, or as JSON for scripts. */
@Command(
    name = "status",
    description = "Show all parts, with their addresses.",
    mixinStandardHelpOptions = true)
final class StatusCommand extends StackCommand implements Runnable {
  @Option(names = "--json", description = "For scripts; shows the databases' passwords.")
  private boolean json;

  @Override
  public void run() {
    var status = stack().status();
    if (json) {
      out().println(StatusJson.of(status));
    } else {
      print(status);
    }
  }

  private void print(StackStatus status) {
    for (var part : status.parts()) {
      line(
          "%-17s %s %-8s %s",
          part.name(), health(part), part.pid() == null ? "-" : part.pid(), part.address());
    }
    var state = status.state().name().toLowerCase(Locale.ROOT);
    var unsettled = status.unsettled();
    line(
        "%nTandem is %s, mode %s, %s in doubt, %s open.",
        red(state, status.state() == State.PARTIAL),
        status.mode(),
        red(count(unsettled.inDoubt(), "transaction"), unsettled.inDoubt() > 0),
        count(unsettled.openActions(), "action"));
    if (unsettled.needsSomebody()) {
      line("%s", red(complaint(unsettled), true));
    }
  }

  private static String complaint(Unsettled unsettled) {
    return "SOMEBODY MUST LOOK: %s and %s. See /internal/anomalies of both services, and /internal/lra/actions and /internal/xa/transactions of tx-coordinator."
        .formatted(
            count(unsettled.anomalies(), "anomaly"),
            count(unsettled.failedActions(), "failed action"));
  }

  private static String count(long number, String what) {
    var many = what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
    return number + " " + (number == 1 ? what : many);
  }

  private static String health(PartStatus part) {
    if (part.external()) {
      return part.healthy() ? "external     " : red("external, away", true);
    }
    if (part.pid() == null) {
      return red("does not run ", true);
    }
    return part.healthy() ? "healthy      " : red("not healthy  ", true);
  }

  private static String red(String text, boolean wrong) {
    return wrong ? "@|red " + text + "|@" : text;
  }

  private void line(String format, Object... values) {
    out().println(Ansi.AUTO.string(format.formatted(values)));
  }
}
