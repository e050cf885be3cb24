package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Names one long running action: the last segment of the id that its coordinator gave it. What
 * comes before that segment is an address, which may change.
 */
public record ActionId(@JsonValue String value) {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /**
   * @throws IllegalArgumentException if it cannot stand in a path as it is
   */
  public ActionId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not the uid of an action: " + value);
    }
  }

  /**
   * Reads the id as the coordinator writes it, with or without an address before it.
   *
   * @throws IllegalArgumentException if it does not end in a uid
   */
  public static ActionId lastSegmentOf(String id) {
    return new ActionId(id.strip().substring(id.strip().lastIndexOf('/') + 1));
  }

  @Override
  public String toString() {
    return value;
  }
}
