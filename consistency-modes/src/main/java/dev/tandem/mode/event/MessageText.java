package dev.tandem.mode.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of a message, one by one, as {@code docs/event-message.schema.json} has them. Members
 * that this version does not know are passed over; another schema is not read at all.
 */
final class MessageText {

  /** JMS string property that tells what a message is, so that it need not be read for that. */
  static final String TYPE = "tandem_type";

  private static final int SCHEMA = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode members;

  private MessageText(JsonNode members) {
    this.members = members;
  }

  /** An empty message of the schema that this version writes. */
  static ObjectNode write() {
    return JSON.createObjectNode().put("schema", SCHEMA);
  }

  /**
   * @throws UnreadableMessage if it is no JSON object of the schema that this version reads
   */
  static MessageText read(String text) {
    try {
      var members = JSON.readTree(text);
      if (!members.isObject()) {
        throw new UnreadableMessage("not a JSON object");
      }
      var message = new MessageText(members);
      if (message.integer("schema") != SCHEMA) {
        throw new UnreadableMessage("schema " + message.integer("schema") + " is not known here");
      }
      return message;
    } catch (JacksonException malformed) {
      throw new UnreadableMessage("not JSON: " + malformed.getOriginalMessage());
    }
  }

  boolean has(String name) {
    return members.hasNonNull(name);
  }

  long integer(String name) {
    var member = member(name);
    if (!member.isIntegralNumber() || !member.canConvertToLong()) {
      throw new UnreadableMessage(name + " is not a whole number: " + member);
    }
    return member.asLong();
  }

  Instant instant(String name) {
    return text(name, Instant::parse);
  }

  UUID uuid(String name) {
    return text(name, MessageText::strictUuid);
  }

  /** {@code UUID.fromString} would take shorter forms too. */
  private static UUID strictUuid(String text) {
    var id = UUID.fromString(text);
    if (!id.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("not a UUID");
    }
    return id;
  }

  /** A text that may be missing. */
  @Nullable String optional(String name) {
    var member = members.get(name);
    return member == null || member.isNull() ? null : text(name, Function.identity());
  }

  <T> T text(String name, Function<String, T> form) {
    var member = member(name);
    if (!member.isString()) {
      throw new UnreadableMessage(name + " is not a text: " + member);
    }
    try {
      return form.apply(member.asString());
    } catch (IllegalArgumentException | DateTimeException malformed) {
      throw new UnreadableMessage(name + " is malformed: " + member);
    }
  }

  private JsonNode member(String name) {
    var member = members.get(name);
    if (member == null || member.isNull()) {
      throw new UnreadableMessage(name + " is missing");
    }
    return member;
  }
}
