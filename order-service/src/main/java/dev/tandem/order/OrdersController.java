package dev.tandem.order;

import dev.tandem.rest.Cursor;
import dev.tandem.rest.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/orders")
@Tag(name = "Orders")
class OrdersController {

  private final Admission admission;
  private final Orders orders;
  private final String currency;

  OrdersController(Admission admission, Orders orders, OrderSettings settings) {
    this.admission = admission;
    this.orders = orders;
    this.currency = settings.currency();
  }

  @PostMapping
  @Operation(
      summary = "Place an order",
      description =
          "Decides at once, under a lock on the customer's credit account: APPROVED only if the open"
              + " orders and this one together are within the credit limit, equality allowed. A"
              + " rejection is a stored result, not an error. With an Idempotency-Key, the same"
              + " request again gets the same answer, as it was when the order was placed.")
  @ApiResponse(
      responseCode = "201",
      description = "Decided and stored: orderState is APPROVED or REJECTED",
      headers = @Header(name = "Location", description = "The order", schema = @Schema()))
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "413", ref = "BodyTooLarge")
  @ApiResponse(responseCode = "415", ref = "NotJson")
  @ApiResponse(responseCode = "422", ref = "KeyReused")
  @ApiResponse(responseCode = "503", ref = "NotPlaced")
  ResponseEntity<OrderView> place(
      @Valid @RequestBody OrderRequest request,
      @Parameter(description = "1 to 200 visible ASCII characters, chosen by the client per order")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String idempotencyKey) {
    var total = request.totalIn(currency);
    var key = RequestKey.ofPlacing(idempotencyKey, request.customerId(), total, currency);
    var order = admission.place(new NewOrder(UUID.randomUUID(), request.customerId(), total, key));
    return ResponseEntity.created(URI.create("/orders/" + order.id())).body(view(order));
  }

  @GetMapping("/{orderId}")
  @Operation(summary = "Look at an order")
  @ApiResponse(responseCode = "200", description = "The order as it is now")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "404", ref = "UnknownOrder")
  @ApiResponse(responseCode = "503", ref = "DatabaseAway")
  OrderView find(@PathVariable UUID orderId) {
    return view(admission.known(orderId));
  }

  @GetMapping
  @Operation(
      summary = "List orders",
      description =
          "In the order of placing. The cursor stays valid while orders are added. For one customer no"
              + " order is ever skipped; over all customers, one that is being stored at this very"
              + " moment can get a place before the end of the page.")
  @ApiResponse(responseCode = "200", description = "A page; 'next' is absent on the last one")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "503", ref = "DatabaseAway")
  Page<OrderView> list(
      @Parameter(schema = @Schema(implementation = UUID.class)) @RequestParam(required = false)
          @Nullable String customerId,
      @Parameter(schema = @Schema(implementation = OrderState.class))
          @RequestParam(required = false)
          @Nullable String state,
      @Parameter(description = "1 to 500") @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT)
          int limit,
      @Parameter(description = "'next' of the page before") @RequestParam(required = false)
          @Nullable String cursor) {
    var after = Cursor.parse(cursor).after();
    var filter = Orders.Filter.parse(customerId, state);
    var rows = orders.list(filter, after, Page.checkLimit(limit) + 1);
    return Page.of(rows, limit, Order::number, this::view);
  }

  @PostMapping("/{orderId}/cancel")
  @Operation(
      summary = "Cancel an order",
      description =
          "Gives back exactly the order's total, once: a repeat answers 200 and changes nothing. An"
              + " Idempotency-Key is accepted and not needed.")
  @ApiResponse(responseCode = "200", description = "The order is CANCELLED")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "404", ref = "UnknownOrder")
  @ApiResponse(responseCode = "409", ref = "NotCancellable")
  @ApiResponse(responseCode = "503", ref = "NotCancelled")
  OrderView cancel(@PathVariable UUID orderId) {
    return view(admission.cancel(orderId));
  }

  @GetMapping("/{orderId}/trace")
  @Operation(
      summary = "Why the order is as it is",
      description =
          "The limit, its version and age, and the exposure that the order was decided on, as they"
              + " stood under the lock; and the rule in words.")
  @ApiResponse(responseCode = "200", description = "The order and its reasons")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "404", ref = "UnknownOrder")
  @ApiResponse(responseCode = "503", ref = "DatabaseAway")
  TraceView trace(@PathVariable UUID orderId) {
    return TraceView.of(admission.known(orderId), currency);
  }

  private OrderView view(Order order) {
    return OrderView.of(order, currency);
  }
}
