package dev.tandem.stack.shop;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a client got for one call.
 *
 * @param status the HTTP status, or {@link #NONE}
 * @param headers names in lower case
 * @param body an empty object where there is none
 * @param took from the call to the last byte, or to the moment when the client gave up
 */
public record Answer(int status, Map<String, String> headers, JsonNode body, Duration took) {

  /** No answer came: the outcome is unknown to the client. */
  public static final int NONE = 0;

  /** The {@code code} where no answer came because nobody was there: nothing has been sent. */
  public static final String NO_CONNECTION = "no-connection";

  /** The text at this path of the body, for example {@code creditLimit.amount}; "" if absent. */
  public String text(String path) {
    return body.at("/" + path.replace('.', '/')).asString("");
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The version in the {@code ETag}. */
  public long version() {
    return Long.parseLong(header("etag").orElse("\"0\"").replace("\"", ""));
  }

  /** In few words: the status, and the problem's code if it is one. */
  public String inWords() {
    if (status == NONE) {
      return "no answer";
    }
    var code = text("code");
    return code.isEmpty() ? String.valueOf(status) : status + " " + code;
  }
}
