package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The body of an order to place. */
record OrderRequest(@NotNull UUID customerId, @NotNull @Valid Total orderTotal) {

  /**
   * @param currency may be left out: there is one per installation
   */
  @Schema(name = "OrderTotal")
  record Total(
      @Schema(
              description = "More than 0, two decimals, up to 17 digits; a number or a string",
              example = "120.50")
          @NotNull
          @Positive
          @Digits(integer = 17, fraction = 2)
          BigDecimal amount,
      @Schema(description = "The installation's currency, or left out", example = "EUR")
          @Nullable String currency) {}

  /**
   * The total, with two decimals.
   *
   * @throws ApiProblem 400 if it is in another currency
   */
  BigDecimal totalIn(String currency) {
    if (orderTotal.currency != null && !orderTotal.currency.equals(currency)) {
      throw ApiProblem.badField("orderTotal.currency", "must be " + currency + " or left out");
    }
    return orderTotal.amount.setScale(2);
  }
}
