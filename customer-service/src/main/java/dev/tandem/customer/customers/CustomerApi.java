package dev.tandem.customer.customers;

import dev.tandem.mode.CustomerId;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Cursor;
import dev.tandem.rest.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Customers", description = "Who they are, and how much they may owe.")
class CustomerApi {

  private final Customers customers;
  private final ShopSettings shop;

  CustomerApi(Customers customers, ShopSettings shop) {
    this.customers = customers;
    this.shop = shop;
  }

  @GetMapping("/customers/{id}")
  @Operation(summary = "A customer and its credit limit")
  @ApiResponse(
      responseCode = "200",
      description = "The customer",
      headers =
          @Header(
              name = "ETag",
              description = "Version of the limit, in quotes: send it as If-Match to change it"))
  @ApiResponse(responseCode = "404", description = "`unknown-customer`")
  ResponseEntity<CustomerView> customer(@PathVariable UUID id) {
    var customer = customers.find(new CustomerId(id)).orElseThrow(() -> unknownCustomer(id));
    return ResponseEntity.ok()
        .eTag(customer.etag())
        .body(CustomerView.of(customer, shop.currency()));
  }

  @GetMapping("/customers")
  @Operation(summary = "All customers, in the order of their creation")
  @ApiResponse(
      responseCode = "200",
      description = "A page; `next` is the cursor of the following one, absent on the last")
  Page<CustomerView> customers(
      @Parameter(description = "Entries per page, 1 to " + Page.MAX_LIMIT)
          @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT)
          int limit,
      @Parameter(description = "`next` of the page before; absent for the first page")
          @RequestParam(required = false)
          @Nullable String cursor) {
    var rows = customers.page(Cursor.parse(cursor), Page.checkLimit(limit) + 1);
    return Page.of(
        rows, limit, Customer::number, customer -> CustomerView.of(customer, shop.currency()));
  }

  private static ApiProblem unknownCustomer(UUID id) {
    return ApiProblem.of(
        HttpStatus.NOT_FOUND, "unknown-customer", "There is no customer " + id + ".");
  }
}
