package dev.tandem.order;

import dev.tandem.mode.CopyLanes;
import dev.tandem.mode.CustomerId;
import dev.tandem.order.OrderSettings.OnStale;
import dev.tandem.rest.internal.UnusableSetting;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What becomes of orders when the copy of the limit is too old, by the settings. */
@Component
class StaleCopy {

  private final @Nullable CopyLanes lanes;
  private final @Nullable Duration maxAge;
  private final OnStale onStale;
  private final Counter decided;

  StaleCopy(OrderSettings settings, ObjectProvider<CopyLanes> lanes, MeterRegistry metrics) {
    var credit = settings.checked().credit();
    this.lanes = lanes.getIfAvailable();
    this.maxAge = credit.maxLimitAge();
    this.onStale = credit.whenStale();
    if (maxAge != null && this.lanes == null) {
      throw new UnusableSetting(
          "tandem.credit.max-limit-age is set, but tandem.consistency.enabled does not name event:"
              + " nothing would ever say how old the copy is",
          "Add event to tandem.consistency.enabled, or leave max-limit-age out.");
    }
    this.decided =
        Counter.builder("tandem.orders.stale")
            .description("Orders that found the copy older than tandem.credit.max-limit-age")
            .tag("on-stale", credit.onStale())
            .register(metrics);
  }

  /** What an order of this customer asks of the copy. */
  Freshness demandOf(UUID customer) {
    var lane = lanes == null ? null : lanes.laneOf(new CustomerId(customer));
    return onStale == OnStale.APPROVE
        ? Freshness.any(lane)
        : new Freshness(lane, maxAge, onStale == OnStale.ASK, "replica");
  }

  /** Counts an order that found the copy too old; an asked one was counted when it was asked. */
  void count(Order order) {
    var decision = order.decision();
    if (maxAge != null && decision != null && decision.source().equals("replica")) {
      var age = decision.copyAgeAt(order.placedAt());
      if (age == null || age.compareTo(maxAge) > 0) {
        decided.increment();
      }
    }
  }

  /** Counts an order for which the limit's owner is asked. */
  void countAsked() {
    decided.increment();
  }

  /** How old the whole copy is; empty if nobody knows. */
  Optional<Duration> age() {
    return Optional.ofNullable(lanes).flatMap(CopyLanes::age);
  }
}
