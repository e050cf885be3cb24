package dev.tandem.customer.limitchanges;

import dev.tandem.mode.CreditLimit;
import dev.tandem.rest.ApiProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A limit as a client writes it.
 *
 * @param amount JSON number or string
 * @param currency may be left out; there is only one in an installation
 */
record RequestedLimit(
    @Schema(
            type = "string",
            example = "500.00",
            description = "Number or string: 0 or more, at most 17 digits and two decimals")
        @NotNull(message = "is missing")
        @PositiveOrZero(message = "must not be negative")
        @Digits(
            integer = 17,
            fraction = 2,
            message = "must have at most 17 digits before the point and two after it")
        // @Digits counts in int, and is passed by 1e2147483647
        @DecimalMax(
            value = "1e40",
            message = "must have at most 17 digits before the point and two after it")
        BigDecimal amount,
    @Schema(example = "EUR") @Nullable String currency) {

  /**
   * @param field what the client calls this
   * @throws ApiProblem 400 if the currency is not the installation's
   */
  CreditLimit in(String installed, String field) {
    if (currency != null && !currency.equals(installed)) {
      throw ApiProblem.badField(field, "must be " + installed + ", or left out");
    }
    return new CreditLimit(amount);
  }
}
