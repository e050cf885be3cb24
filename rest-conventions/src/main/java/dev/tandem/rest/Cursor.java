package dev.tandem.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list, opaque to clients: the number after which the next page begins. It stays valid
 * when rows are added, and never skips or repeats one.
 */
public record Cursor(long after) {

  private static final String MARK = "v1:";

  /** The beginning of the list, for a request without a cursor. */
  public static final Cursor START = new Cursor(0);

  /**
   * @param text what a client sent, or null for the beginning
   * @throws ApiProblem 400 if it is not a cursor that an answer gave
   */
  public static Cursor parse(@Nullable String text) {
    if (text == null) {
      return START;
    }
    try {
      var decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      if (decoded.startsWith(MARK)) {
        var cursor = new Cursor(Long.parseLong(decoded.substring(MARK.length())));
        if (cursor.after() >= 0 && cursor.text().equals(text)) {
          return cursor;
        }
      }
    } catch (IllegalArgumentException notOurs) {
      // falls through to the refusal below: one answer for every way of being wrong
    }
    throw ApiProblem.badField("cursor", "is not a cursor from the field 'next' of an earlier page");
  }

  /** What the client sends to get the next page. */
  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((MARK + after).getBytes(StandardCharsets.US_ASCII));
  }
}
