package dev.tandem.mode;

/**
 * Why a change did not take place.
 *
 * @param detail a sentence for people
 */
public record Refusal(Reason reason, String detail) {

  /** The reasons that programs may decide on. */
  public enum Reason {
    /** No customer of that id. */
    UNKNOWN_CUSTOMER("unknown-customer", false),
    /** The limit has another version by now than {@code If-Match} says. */
    STALE_VERSION("stale-version", false),
    /** order-service does not accept a limit below the customer's open orders. */
    BELOW_EXPOSURE("below-exposure", false),
    /** order-service has a version already that the owner has not given yet: one was restored. */
    COPY_IS_AHEAD("copy-ahead", false),
    /** Another change of this customer's limit is under way, or in doubt. */
    CHANGE_IN_PROGRESS("change-in-progress", true),
    /** A part that the mode needs is away or did not answer in time; nothing was changed. */
    PART_AWAY("part-away", true),
    /** Another mode was put in force meanwhile, again and again, or is not enabled here. */
    MODE_CHANGED("mode-changed", true),
    /** The change was rolled back, by the coordinator or because its time was up. */
    ROLLED_BACK("rolled-back", true);

    private final String code;
    private final boolean retryable;

    Reason(String code, boolean retryable) {
      this.code = code;
      this.retryable = retryable;
    }

    /** The stable name in answers and in the database, in kebab-case. */
    public String code() {
      return code;
    }

    /** Whether the same wish may succeed later (under a new change id). */
    public boolean retryable() {
      return retryable;
    }

    /**
     * @throws IllegalArgumentException if there is no such reason
     */
    public static Reason ofCode(String code) {
      for (var reason : values()) {
        if (reason.code.equals(code)) {
          return reason;
        }
      }
      throw new IllegalArgumentException("no such reason: " + code);
    }
  }
}
