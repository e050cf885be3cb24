package dev.tandem.coordinator.xa;

import dev.tandem.rest.internal.UnusableSetting;
import java.util.regex.Pattern;

/**
 * The name that all ids of this coordinator begin with. It must stay the same for as long as the
 * databases may hold branches of it, and no other coordinator's name may begin with it.
 */
record CoordinatorName(String text) {

  /** A non-digit at the end: else {@code tm1} + {@code 23…} would be an id of {@code tm} too. */
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{0,39}[a-z-]");

  CoordinatorName {
    if (!FORM.matcher(text).matches()) {
      throw new UnusableSetting(
          "tandem.xa.name=" + text + " cannot be the beginning of a transaction id",
          "Use 1 to 40 of a-z, 0-9 and '-', ending in a non-digit, for example tandem-tm; keep it for"
              + " as long as you keep the databases.");
    }
  }

  /** Whether this coordinator made the id. */
  boolean made(String transaction) {
    return transaction.length() > text.length()
        && transaction.startsWith(text)
        && transaction.chars().skip(text.length()).allMatch(c -> c >= '0' && c <= '9');
  }
}
