package dev.tandem.mode.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says to a lane's consumer: every change of this lane that was committed by then has gone ahead of
 * me. Not more: neither that the consumer has taken them, nor that a newer one exists.
 *
 * @param lanes how many lanes its sender counts; null if it does not say
 * @param asOf by the owner's database clock
 */
record Heartbeat(int lane, @Nullable Integer lanes, Instant asOf) {

  /** Value of {@link MessageText#TYPE}. */
  static final String TYPE = "heartbeat";

  String toJson() {
    return MessageText.write()
        .put("lane", lane)
        .put("lanes", lanes)
        .put("asOf", asOf.toString())
        .toString();
  }

  /**
   * @throws UnreadableMessage if it is not a heartbeat that the schema allows
   */
  static Heartbeat read(String json) {
    var message = MessageText.read(json);
    return new Heartbeat(
        (int) message.integer("lane"),
        message.has("lanes") ? (int) message.integer("lanes") : null,
        message.instant("asOf"));
  }
}
