package dev.tandem.mode.event;

import java.time.Instant;

/**
 * Says to a lane's consumer: every change of this lane that was committed by then has gone ahead of
 * me. Not more: neither that the consumer has taken them, nor that a newer one exists.
 *
 * @param asOf by the owner's database clock
 */
record Heartbeat(int lane, Instant asOf) {

  /** Value of {@link MessageText#TYPE}. */
  static final String TYPE = "heartbeat";

  String toJson() {
    return MessageText.write().put("lane", lane).put("asOf", asOf.toString()).toString();
  }

  /**
   * @throws UnreadableMessage if it is not a heartbeat that the schema allows
   */
  static Heartbeat read(String json) {
    var message = MessageText.read(json);
    return new Heartbeat((int) message.integer("lane"), message.instant("asOf"));
  }
}
