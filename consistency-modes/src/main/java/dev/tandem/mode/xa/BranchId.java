package dev.tandem.mode.xa;

import dev.tandem.mode.ChangeId;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names one participant's part of a global transaction, and with it the change that it carries. In
 * PostgreSQL it is the name of the prepared transaction.
 *
 * @param text {@code xa1:<transaction id>:<bqual>:<change id>}; only letters, digits, dot, dash,
 *     underscore and colon, so that it can stand in SQL as it is, and shorter than PostgreSQL's
 *     limit of 199 bytes for the name of a prepared transaction
 */
record BranchId(String text, ChangeId change) {

  private static final Pattern FORM =
      Pattern.compile(
          "xa1:[A-Za-z0-9._-]{1,64}:[A-Za-z0-9._-]{1,64}:"
              + "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

  /**
   * @throws IllegalArgumentException if it is not a branch id whose reference is a change id
   */
  static BranchId parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not a branch id (xa1:<transaction>:<bqual>:<change id>): " + text);
    }
    return new BranchId(text, new ChangeId(UUID.fromString(matcher.group(1))));
  }

  @Override
  public String toString() {
    return text;
  }
}
