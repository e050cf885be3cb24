package dev.tandem.order;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.springframework.stereotype.Component;

/** Counts what became of orders, in {@code tandem.orders}. Repeated requests count once. */
@Component
class OrderCounts {

  private final MeterProvider<Counter> orders;

  OrderCounts(MeterRegistry metrics) {
    this.orders =
        Counter.builder("tandem.orders")
            .description("Orders by the state that they were put into")
            .withRegistry(metrics);
  }

  Order count(Order order) {
    var rejection = order.rejection();
    var reason = rejection == null ? "none" : rejection.name();
    orders.withTags(Tags.of("state", order.state().name(), "reason", reason)).increment();
    return order;
  }
}
