package dev.tandem.order;

import dev.tandem.rest.internal.UnusableSetting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are decided.
 *
 * @param currency the one currency of this installation, three capital letters
 * @param creditCheck where the limit is found: {@code replica} is this service's own copy
 * @param credit what the copy accepts
 */
@ConfigurationProperties("tandem")
record OrderSettings(
    @DefaultValue("EUR") String currency,
    @DefaultValue("replica") String creditCheck,
    @DefaultValue Credit credit) {

  /**
   * @param belowExposure whether a limit below the customer's open orders is taken ({@code allow})
   *     or vetoed ({@code reject}), in the modes that can carry a veto (rule R2)
   */
  record Credit(@DefaultValue("allow") String belowExposure) {}

  /** Refuses what the program must not start with. */
  OrderSettings checked() {
    require(
        creditCheck.equals("replica"),
        "tandem.credit-check=" + creditCheck + " is not known",
        "Set it to replica: orders are decided on this service's own copy of the limit.");
    require(
        credit.belowExposure.equals("allow") || rejectsBelowExposure(),
        "tandem.credit.below-exposure=" + credit.belowExposure + " is not known",
        "Set it to allow (open orders stay, nothing more is approved) or reject (such a limit is"
            + " vetoed).");
    require(
        currency.matches("[A-Z]{3}"),
        "tandem.currency=" + currency + " is not a currency",
        "Set it to three capital letters, for example EUR.");
    return this;
  }

  boolean rejectsBelowExposure() {
    return credit.belowExposure.equals("reject");
  }

  private static void require(boolean usable, String what, String cure) {
    if (!usable) {
      throw new UnusableSetting(what, cure);
    }
  }
}
