package dev.tandem.order;

import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
   * @param maxLimitAge an order that finds its part of the copy older than this finds it too old;
   *     unset: it is never too old. The age is not known better than {@code tandem.event.heartbeat}
   * @param onStale what becomes of such an order: decided on the copy all the same ({@code
   *     approve}), rejected as {@code LIMIT_TOO_OLD} ({@code reject}), or decided on the limit that
   *     customer-service is asked for ({@code ask})
   */
  record Credit(
      @DefaultValue("allow") String belowExposure,
      @Nullable Duration maxLimitAge,
      @DefaultValue("approve") String onStale) {

    /** What {@code onStale} says. */
    OnStale whenStale() {
      return OnStale.valueOf(onStale.toUpperCase(Locale.ROOT));
    }
  }

  /** What becomes of an order that finds the copy too old. */
  enum OnStale {
    APPROVE,
    REJECT,
    ASK;

    private static boolean isOne(String name) {
      return Arrays.stream(values())
          .anyMatch(one -> one.name().toLowerCase(Locale.ROOT).equals(name));
    }
  }

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
    checkAge();
    require(
        currency.matches("[A-Z]{3}"),
        "tandem.currency=" + currency + " is not a currency",
        "Set it to three capital letters, for example EUR.");
    return this;
  }

  private void checkAge() {
    require(
        OnStale.isOne(credit.onStale),
        "tandem.credit.on-stale=" + credit.onStale + " is not known",
        "Set it to approve (decide on the old copy), reject (the order is rejected as"
            + " LIMIT_TOO_OLD) or ask (customer-service is asked for the limit).");
    var age = credit.maxLimitAge;
    require(
        age == null || age.toMillis() > 0,
        "tandem.credit.max-limit-age is not more than 0ms",
        "Set it to more than tandem.event.heartbeat, for example 2s, or leave it out: then the copy"
            + " is never too old.");
    require(
        age != null || credit.whenStale() == OnStale.APPROVE,
        "tandem.credit.on-stale=" + credit.onStale + " has no effect without an age",
        "Set tandem.credit.max-limit-age too, for example to 2s, or leave on-stale out.");
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
