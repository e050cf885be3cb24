package dev.tandem.mode.event;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.dao.DataAccessException;

/** Counts what waits and what was sent; the database is asked when somebody reads the meter. */
final class OutboxMeters implements MeterBinder {

  private final Outbox outbox;
  private final Relay relay;

  OutboxMeters(Outbox outbox, Relay relay) {
    this.outbox = outbox;
    this.relay = relay;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("tandem.event.outbox.depth", outbox, orUnknown(Outbox.State::depth))
        .description("Changes that the broker has not acknowledged yet")
        .register(registry);
    TimeGauge.builder(
            "tandem.event.outbox.oldest",
            outbox,
            TimeUnit.MILLISECONDS,
            orUnknown(state -> state.oldest().toMillis()))
        .description("For how long the oldest of them has been waiting")
        .register(registry);
    FunctionCounter.builder("tandem.event.published", relay, Relay::published)
        .description("Changes that this instance has published, repeats included")
        .register(registry);
  }

  private static ToDoubleFunction<Outbox> orUnknown(ToDoubleFunction<Outbox.State> reading) {
    return outbox -> {
      try {
        return reading.applyAsDouble(outbox.state());
      } catch (DataAccessException away) {
        return Double.NaN;
      }
    };
  }
}
