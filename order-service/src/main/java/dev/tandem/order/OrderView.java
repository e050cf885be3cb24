package dev.tandem.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.rest.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order as the API answers it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
    UUID orderId,
    UUID customerId,
    Money orderTotal,
    OrderState orderState,
    @Schema(description = "Only of rejected orders") @Nullable RejectionReason rejectionReason,
    Instant placedAt,
    @Schema(description = "Only of cancelled orders") @Nullable Instant cancelledAt) {

  static OrderView of(Order order, String currency) {
    var cancellation = order.cancellation();
    return new OrderView(
        order.id(),
        order.customer(),
        Money.of(order.total(), currency),
        order.state(),
        order.rejection(),
        order.placedAt(),
        cancellation == null ? null : cancellation.at());
  }
}
