package dev.tandem.stack.cli;

import dev.tandem.stack.MessageFlow;
import dev.tandem.stack.PartStatus;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The status for people, in picocli's markup: red is what is wrong. */
final class StatusText {
  private StatusText() {}

  static String of(StackStatus status) {
    var lines = new ArrayList<String>();
    status.parts().forEach(part -> lines.add(line(part)));
    lines.add("");
    lines.add(summary(status));
    if (status.messages().isKnown()) {
      lines.add(messages(status.messages()));
    }
    lines.addAll(complaints(status.unsettled()));
    lines.addAll(complaints(status.messages()));
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

  private static String messages(MessageFlow messages) {
    return "Events: %s to publish (the oldest for %s), copy at most %s old, lag p50 %s, p99 %s."
        .formatted(
            messages.outboxDepth() == null ? "?" : messages.outboxDepth(),
            millis(messages.oldestUnpublishedMillis()),
            millis(messages.copyAgeMillis()),
            millis(messages.lagP50Millis()),
            millis(messages.lagP99Millis()));
  }

  private static String millis(@Nullable Long millis) {
    return millis == null ? "?" : millis + " ms";
  }

  private static List<String> complaints(MessageFlow messages) {
    var dead = messages.deadLetters();
    if (dead == null || dead == 0) {
      return List.of();
    }
    return List.of(
        red(
            count(dead, "dead letter", "dead letters")
                + ": somebody must look. ./tandem dead-letters shows them.",
            true));
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
