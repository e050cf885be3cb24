package dev.tandem.order;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ModeListener;
import dev.tandem.mode.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Writes down what the rooms report of changes here, and counts broken promises in {@code
 * tandem.change.anomaly}.
 */
@Component
class ChangeWatch implements ModeListener {

  private static final Logger log = LoggerFactory.getLogger("dev.tandem.change");

  private final MeterRegistry meters;

  ChangeWatch(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void step(ChangeId change, String mode, Step step, String detail) {
    switch (step) {
      case ANOMALY -> {
        log.error("{} {} {} {}", change, mode, step, detail);
        meters.counter("tandem.change.anomaly", "mode", mode).increment();
      }
      case FOLLOWED, REPEATED -> log.info("{} {} {} {}", change, mode, step, detail);
      case TOMBSTONE -> log.warn("{} {} {} {}", change, mode, step, detail);
      default -> log.debug("{} {} {} {}", change, mode, step, detail);
    }
  }

  @Override
  public void turned(String mode, String what) {
    log.info("{} {}", mode, what);
  }

  @Override
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    // changes end at customer-service
  }
}
