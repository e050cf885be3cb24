package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ModeListener;
import dev.tandem.mode.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Counts what the rooms report: {@code tandem.change.ended} (how many, and how long they took, by
 * mode and outcome) and {@code tandem.change.anomaly}.
 */
@Component
class ChangeMeters implements ModeListener {

  private final MeterRegistry meters;

  ChangeMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void step(ChangeId change, String mode, Step step, String detail) {
    if (step == Step.ANOMALY) {
      meters.counter("tandem.change.anomaly", "mode", mode).increment();
    }
  }

  @Override
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    meters.timer("tandem.change.ended", "mode", mode, "outcome", nameOf(outcome)).record(took);
  }

  private static String nameOf(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      return applied.everywhere() ? "applied" : "decided";
    }
    if (outcome instanceof Outcome.Refused refused) {
      return refused.refusal().reason().code();
    }
    return outcome instanceof Outcome.UnderWay ? "under-way" : "unknown";
  }
}
