package dev.tandem.stack;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages that order-service could not take, as it tells them. */
public final class DeadLetters {
  private static final String PATH = "/internal/event/dead-letters";
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
    return tree(Http.ask(orderService + PATH, token, null))
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
    var answer = Http.ask(orderService + PATH + "/redrive", token, JSON.writeValueAsBytes(body));
    return tree(answer).path("redriven").asLong();
  }

  private static JsonNode tree(Http.Answer answer) {
    if (answer.isAway()) {
      throw new StackException("order-service does not answer: ./tandem status tells more.");
    }
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
