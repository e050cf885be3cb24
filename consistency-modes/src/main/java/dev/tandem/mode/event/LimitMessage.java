package dev.tandem.mode.event;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.VersionedLimit;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A change as it travels to the copy.
 *
 * @param committedAt when its owner wrote it, by the owner's database clock, a moment before the
 *     commit
 * @param traceparent of the request that asked for it, in the form of W3C Trace Context; null if
 *     nobody said
 */
record LimitMessage(VersionedLimit limit, Instant committedAt, @Nullable String traceparent) {

  /** Value of {@link MessageText#TYPE}. */
  static final String TYPE = "limit";

  String toJson() {
    return MessageText.write()
        .put("changeId", limit.changeId().toString())
        .put("customerId", limit.customerId().toString())
        .put("kind", limit.kind().name().toLowerCase(Locale.ROOT))
        .put("creditLimit", limit.limit().toString())
        .put("version", limit.version())
        .put("requestedAt", limit.requestedAt().toString())
        .put("committedAt", committedAt.toString())
        .put("traceparent", traceparent)
        .toString();
  }

  /**
   * @throws UnreadableMessage if it is not a change that the schema allows
   */
  static LimitMessage read(String json) {
    var message = MessageText.read(json);
    return new LimitMessage(
        limit(message), message.instant("committedAt"), message.optional("traceparent"));
  }

  private static VersionedLimit limit(MessageText message) {
    try {
      return new VersionedLimit(
          new ChangeId(message.uuid("changeId")),
          new CustomerId(message.uuid("customerId")),
          message.text("kind", LimitMessage::kind),
          message.text("creditLimit", CreditLimit::of),
          message.integer("version"),
          EventMode.NAME,
          message.instant("requestedAt"));
    } catch (IllegalArgumentException impossible) {
      throw new UnreadableMessage(String.valueOf(impossible.getMessage()));
    }
  }

  private static Kind kind(String name) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name));
  }
}
