package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * How much a customer may owe: not negative, two decimals, at most 17 digits before the point, in
 * the installation's currency.
 */
public record CreditLimit(BigDecimal amount) {

  private static final BigDecimal TOO_MUCH = BigDecimal.TEN.pow(17);

  /**
   * @throws IllegalArgumentException if it is negative, too large or has more than two decimals
   */
  public CreditLimit {
    if (amount.signum() < 0 || amount.compareTo(TOO_MUCH) >= 0 || amount.scale() > 2) {
      throw new IllegalArgumentException(
          "a credit limit has two decimals and lies between 0 and 10^17: " + amount);
    }
    amount = amount.setScale(2);
  }

  /** Reads the form that the services send to each other. */
  @JsonCreator
  public static CreditLimit of(String amount) {
    return new CreditLimit(new BigDecimal(amount));
  }

  @JsonValue
  @Override
  public String toString() {
    return amount.toPlainString();
  }
}
