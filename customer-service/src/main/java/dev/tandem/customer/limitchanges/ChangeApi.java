package dev.tandem.customer.limitchanges;

import dev.tandem.customer.customers.CustomerView;
import dev.tandem.customer.customers.ShopSettings;
import dev.tandem.customer.idempotency.IdempotencyKey;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(
    name = "Limit changes",
    description =
        "Every credit limit changes in both services or in none, in the mode in force. In the mode"
            + " `event` it changes at its owner first, and order-service follows.")
class ChangeApi {

  private static final String KEY =
      "1 to 200 visible ASCII characters, new for each wish. The same key again gives the same"
          + " answer and does nothing twice; with another request it is 422."
          + " A 503 is not final: the same key tries again.";

  private final ChangeDesk desk;
  private final ChangeAnswers answers;
  private final ShopSettings shop;
  private final Clock clock;

  ChangeApi(ChangeDesk desk, ChangeAnswers answers, ShopSettings shop, Clock clock) {
    this.desk = desk;
    this.answers = answers;
    this.shop = shop;
    this.clock = clock;
  }

  @PostMapping("/customers")
  @Operation(
      summary = "Create a customer",
      description =
          "It exists in both services afterwards, or in none. In the mode `event` order-service"
              + " hears of it a moment later.")
  @ApiResponse(
      responseCode = "201",
      description = "Created, in both services; in the mode `event`, by its owner",
      content = @Content(schema = @Schema(implementation = CustomerView.class)),
      headers = {
        @Header(name = "Location", description = "The customer"),
        @Header(name = "ETag", description = "Version of the limit: `\"1\"`"),
        @Header(name = "Consistency-Mode", description = "The mode that carried it"),
        @Header(
            name = "Consistency-State",
            description = "`committed`, or in the mode `event` `pending`: order-service follows")
      })
  @ChangeAnswerDocs
  ResponseEntity<Object> create(
      @Parameter(description = KEY) @RequestHeader(name = IdempotencyKey.HEADER, required = false)
          @Nullable String key,
      @Valid @RequestBody NewCustomer body) {
    var limit = body.creditLimit().in(shop.currency(), "creditLimit.currency");
    var wish =
        new Wish(
            ChangeId.random(),
            CustomerId.random(),
            Kind.CREATE,
            limit,
            body.name(),
            IfMatch.ANY,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    return carryOut(wish, key, List.of("POST", "/customers", body.name(), limit.toString()));
  }

  @PutMapping("/customers/{id}/creditlimit")
  @Operation(
      summary = "Change a credit limit",
      description =
          "Needs `If-Match` with the `ETag` of the limit that you saw: two people who change the"
              + " same limit do not overwrite each other unseen.")
  @ApiResponse(
      responseCode = "200",
      description = "Changed, in both services; in the mode `event`, by its owner",
      content = @Content(schema = @Schema(implementation = ChangeAnswers.ChangeView.class)),
      headers = {
        @Header(name = "ETag", description = "The new version of the limit"),
        @Header(name = "Consistency-Mode", description = "The mode that carried it"),
        @Header(
            name = "Consistency-State",
            description = "`committed`, or in the mode `event` `pending`: order-service follows")
      })
  @ApiResponse(responseCode = "404", description = "`unknown-customer`")
  @ApiResponse(
      responseCode = "409",
      description =
          "`below-exposure`: order-service does not accept a limit below the open orders."
              + " `copy-ahead`: order-service has this version already, with another limit: a"
              + " database was restored, or a branch was ended by hand."
              + " `change-in-progress` (retryable): another change of this limit is not done yet",
      headers = @Header(name = "Retry-After", description = "Seconds; with `change-in-progress`"))
  @ApiResponse(
      responseCode = "412",
      description = "`stale-version`: the limit has another version than `If-Match` says",
      headers = @Header(name = "ETag", description = "The version it has now"))
  @ApiResponse(
      responseCode = "428",
      description = "`precondition-required`: there is no `If-Match`")
  @ChangeAnswerDocs
  ResponseEntity<Object> change(
      @PathVariable UUID id,
      @Parameter(
              description = "Strong entity tags, or `*` to replace any version",
              example = "\"3\"")
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch,
      @Parameter(description = KEY) @RequestHeader(name = IdempotencyKey.HEADER, required = false)
          @Nullable String key,
      @Valid @RequestBody RequestedLimit body) {
    var condition = IfMatch.parse(ifMatch);
    var limit = body.in(shop.currency(), "currency");
    var wish =
        new Wish(
            ChangeId.random(),
            new CustomerId(id),
            Kind.CHANGE,
            limit,
            null,
            condition,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    return carryOut(
        wish,
        key,
        List.of("PUT", "/customers/" + id, String.valueOf(ifMatch).strip(), limit.toString()));
  }

  private ResponseEntity<Object> carryOut(Wish wish, @Nullable String key, List<String> request) {
    var carried =
        key == null
            ? desk.carryOut(wish)
            : desk.carryOutOnce(wish, IdempotencyKey.of(key, request));
    return answers.answer(carried);
  }
}
