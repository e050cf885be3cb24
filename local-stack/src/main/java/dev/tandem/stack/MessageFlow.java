package dev.tandem.stack;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the messages of the mode event are. What nobody could be asked for is null; all of it is
 * while the services do not know that mode.
 *
 * @param outboxDepth changes that the broker has not acknowledged yet
 * @param oldestUnpublishedMillis how long the oldest of them has been waiting
 * @param copyAgeMillis how old the copy of the limits is at most
 * @param lagP50Millis from the commit at the owner to the commit at the copy, of the latest changes
 * @param lagP99Millis the same for the slowest of a hundred
 * @param deadLetters messages that order-service could not take
 */
public record MessageFlow(
    @Nullable Long outboxDepth,
    @Nullable Long oldestUnpublishedMillis,
    @Nullable Long copyAgeMillis,
    @Nullable Long lagP50Millis,
    @Nullable Long lagP99Millis,
    @Nullable Long deadLetters) {

  static final MessageFlow UNKNOWN = new MessageFlow(null, null, null, null, null, null);

  /** Anybody could be asked for anything. */
  public boolean isKnown() {
    return !equals(UNKNOWN);
  }

  static MessageFlow in(Parts parts, String token) {
    var answers =
        Parallel.map(
            List.of(
                parts.serviceNamed(Parts.CUSTOMER_SERVICE).internalUrl() + "/internal/event/outbox",
                parts.serviceNamed(Parts.ORDER_SERVICE).internalUrl() + "/internal/event/lanes"),
            url -> Http.get(url, token));
    var outbox = answers.get(0);
    var lanes = answers.get(1);
    return new MessageFlow(
        outbox.flatMap(all -> all.number("depth")).orElse(null),
        outbox.flatMap(all -> all.number("oldestUnpublishedMillis")).orElse(null),
        lanes.flatMap(all -> all.number("copyAgeMillis")).orElse(null),
        lanes.flatMap(all -> all.numberIn("lag", "p50Millis")).orElse(null),
        lanes.flatMap(all -> all.numberIn("lag", "p99Millis")).orElse(null),
        lanes.flatMap(all -> all.number("deadLetters")).orElse(null));
  }
}
