package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Cursor;
import dev.tandem.rest.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What order-service can say of a customer; the customer itself is at customer-service. */
@RestController
@RequestMapping("/customers/{customerId}")
@Tag(name = "Customers")
class CustomersController {

  private final CreditAccounts accounts;
  private final Orders orders;
  private final StaleCopy copy;
  private final String currency;

  CustomersController(
      CreditAccounts accounts, Orders orders, StaleCopy copy, OrderSettings settings) {
    this.accounts = accounts;
    this.orders = orders;
    this.copy = copy;
    this.currency = settings.currency();
  }

  @GetMapping("/credit")
  @Operation(
      summary = "A customer's credit",
      description = "From this service's own copy of the limit, and its open orders.")
  @ApiResponse(responseCode = "200", description = "Limit, exposure, and what is available")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "404", ref = "NoCopy")
  @ApiResponse(responseCode = "503", ref = "DatabaseAway")
  CreditView credit(@PathVariable UUID customerId) {
    return accounts
        .find(customerId)
        .map(account -> CreditView.of(account, copy.age(), currency))
        .orElseThrow(() -> noCopyOf(customerId));
  }

  @GetMapping("/orderhistory")
  @Operation(
      summary = "A customer's orders",
      description = "In the order of placing, rejected and cancelled ones too; empty if none.")
  @ApiResponse(responseCode = "200", description = "A page; 'next' is absent on the last one")
  @ApiResponse(responseCode = "400", ref = "BadRequest")
  @ApiResponse(responseCode = "503", ref = "DatabaseAway")
  Page<OrderView> orderHistory(
      @PathVariable UUID customerId,
      @Parameter(description = "1 to 500") @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT)
          int limit,
      @Parameter(description = "'next' of the page before") @RequestParam(required = false)
          @Nullable String cursor) {
    var after = Cursor.parse(cursor).after();
    var filter = new Orders.Filter(customerId, null);
    var rows = orders.list(filter, after, Page.checkLimit(limit) + 1);
    return Page.of(rows, limit, Order::number, order -> OrderView.of(order, currency));
  }

  private static ApiProblem noCopyOf(UUID customer) {
    return ApiProblem.of(
        HttpStatus.NOT_FOUND,
        "unknown-customer",
        "order-service has no copy of a credit limit for customer "
            + customer
            + ": there is no such customer, or its limit has not arrived here yet.");
  }
}
