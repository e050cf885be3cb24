package dev.tandem.rest;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount as the API answers it: a decimal string with two decimals, and the installation's
 * currency.
 */
public record Money(String amount, String currency) {

  /**
   * @param amount with at most two decimals
   * @throws ArithmeticException if it has more than two decimals: amounts are never rounded
   */
  public static Money of(BigDecimal amount, String currency) {
    return new Money(amount.setScale(2, RoundingMode.UNNECESSARY).toPlainString(), currency);
  }
}
