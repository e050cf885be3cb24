package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ModeListener;
import dev.tandem.mode.Outcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes down what the rooms report: one line per turn, the change first. */
@Component
class ChangeLog implements ModeListener {

  private static final Logger log = LoggerFactory.getLogger("dev.tandem.change");

  @Override
  public void step(ChangeId change, String mode, Step step, String detail) {
    if (step == Step.ANOMALY) {
      log.error("{} {} {} {}", change, mode, step, detail);
    } else {
      log.debug("{} {} {} {}", change, mode, step, detail);
    }
  }

  @Override
  public void turned(String mode, String what) {
    log.info("{} {}", mode, what);
  }

  @Override
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    log.info("{} {} {} after {} ms", change, mode, inWords(outcome), took.toMillis());
  }

  private static String inWords(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      return "applied as version "
          + applied.version()
          + (applied.everywhere() ? "" : ", not confirmed by the copy yet");
    }
    if (outcome instanceof Outcome.Refused refused) {
      return "refused: " + refused.refusal().reason().code();
    }
    return outcome instanceof Outcome.UnderWay ? "still under way" : "unknown";
  }
}
