package dev.tandem.stack.cli;

import dev.tandem.stack.PartStatus;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The status for people, in picocli's markup: red is what is wrong. */
final class StatusText {
  private StatusText() {}

  static String of(StackStatus status) {
    var lines = new ArrayList<String>();
    status.parts().forEach(part -> lines.add(line(part)));
    lines.add("");
    lines.add(summary(status));
    lines.addAll(complaints(status.unsettled()));
    return String.join(System.lineSeparator(), lines);
  }

  private static String line(PartStatus part) {
    return "%-17s %s %-8s %s"
        .formatted(
            part.name(), health(part), part.pid() == null ? "-" : part.pid(), part.address());
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

  private static String summary(StackStatus status) {
    var state = status.state().name().toLowerCase(Locale.ROOT);
    var unsettled = status.unsettled();
    return "Tandem is %s, mode %s, %s in doubt, %s open."
        .formatted(
            red(state, status.state() == State.PARTIAL),
            status.mode(),
            red(count(unsettled.inDoubt(), "transaction", "transactions"), unsettled.inDoubt() > 0),
            count(unsettled.openActions(), "action", "actions"));
  }

  private static List<String> complaints(Unsettled unsettled) {
    var complaints = new ArrayList<String>();
    if (unsettled.anomalies() > 0) {
      complaints.add(
          red(
              count(unsettled.anomalies(), "anomaly", "anomalies")
                  + ": somebody must look. /internal/anomalies of both services and /internal/xa/transactions of tx-coordinator tell more.",
              true));
    }
    if (unsettled.failedActions() > 0) {
      complaints.add(
          red(
              count(unsettled.failedActions(), "failed action", "failed actions")
                  + ": somebody must look. /internal/lra/actions of tx-coordinator tells more.",
              true));
    }
    return complaints;
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  private static String red(String text, boolean wrong) {
    return wrong ? "@|red " + text + "|@" : text;
  }
}
