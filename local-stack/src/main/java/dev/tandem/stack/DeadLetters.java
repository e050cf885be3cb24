package dev.tandem.stack;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages that order-service could not take, as it tells them. */
public final class DeadLetters {
  private static final String PATH = "/internal/event/dead-letters";

  /** All of them go back at once, and there may be thousands. */
  private static final int REDRIVE_LIMIT_MILLIS = 30_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String orderService;
  private final String token;

  DeadLetters(String orderService, String token) {
    this.orderService = orderService;
    this.token = token;
  }

  /** One of them; what its service did not tell is an empty text. */
  public record Letter(
      String id, String at, String lane, String attempts, String reason, String body) {
    private static Letter of(JsonNode letter) {
      return new Letter(
          text(letter, "id"),
          text(letter, "at"),
          text(letter, "lane"),
          text(letter, "attempts"),
          text(letter, "reason"),
          text(letter, "body"));
    }
  }

  /**
   * The oldest ones.
   *
   * @throws StackException if order-service or the broker is away
   */
  public List<Letter> list() {
    return tree(Http.ask(orderService + PATH, token, null, Http.LIMIT_MILLIS))
        .path("deadLetters")
        .valueStream()
        .map(Letter::of)
        .toList();
  }

  /**
   * Sends one of them, or all (null), back to the lane from which it came, and returns how many.
   *
   * @throws StackException if there is no such letter, or order-service or the broker is away
   */
  public long redrive(@Nullable String id) {
    var body = JSON.createObjectNode();
    if (id != null) {
      body.put("id", id);
    }
    var url = orderService + PATH + "/redrive";
    return tree(Http.ask(url, token, JSON.writeValueAsString(body), REDRIVE_LIMIT_MILLIS))
        .path("redriven")
        .asLong();
  }

  private static JsonNode tree(Optional<Http.Answer> asked) {
    var answer =
        asked.orElseThrow(
            () -> new StackException("order-service does not answer: ./tandem status tells more."));
    var tree = JSON.readTree(answer.body().length == 0 ? new byte[] {'{', '}'} : answer.body());
    if (!answer.isOk()) {
      throw new StackException(
          "order-service answers %d: %s"
              .formatted(answer.status(), tree.path("detail").asString("nothing more")));
    }
    return tree;
  }

  private static String text(JsonNode letter, String field) {
    return letter.path(field).asString("");
  }
}
