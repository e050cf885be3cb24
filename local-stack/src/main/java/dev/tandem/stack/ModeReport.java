package dev.tandem.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The mode in force, as customer-service tells it.
 *
 * @param since as RFC 3339 writes a time
 * @param changes the newest first
 */
public record ModeReport(
    String mode, String since, String by, List<String> enabled, List<Change> changes) {

  /**
   * A change of the mode.
   *
   * @param from null at the first start
   */
  public record Change(@Nullable String from, String to, String by, String at) {}

  /**
   * @throws StackException if it is not what customer-service answers
   */
  static ModeReport of(byte[] json) {
    var text = new Texts();
    var enabled = new ArrayList<String>();
    var changes = new ArrayList<Change>();
    try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "enabled" -> readTexts(parser, enabled);
          case "changes" -> readChanges(parser, changes);
          default -> text.read(name, parser);
        }
      }
    } catch (JacksonException notJson) {
      throw new StackException("customer-service's answer about the mode is not JSON.", notJson);
    }
    return new ModeReport(
        text.get("mode"), text.get("since"), text.get("by"), List.copyOf(enabled), changes);
  }

  private static void readTexts(JsonParser parser, List<String> texts) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(parser.getString());
    }
  }

  private static void readChanges(JsonParser parser, List<Change> changes) {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      var change = new Texts();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = parser.currentName();
        parser.nextToken();
        change.read(name, parser);
      }
      changes.add(
          new Change(change.find("from"), change.get("to"), change.get("by"), change.get("at")));
    }
  }

  /** The texts of one object; what is none is passed over. */
  private static final class Texts {
    private final Map<String, String> values = new TreeMap<>();

    void read(String name, JsonParser parser) {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        values.put(name, parser.getString());
      }
      parser.skipChildren();
    }

    @Nullable String find(String name) {
      return values.get(name);
    }

    String get(String name) {
      var value = values.get(name);
      if (value == null) {
        throw new StackException(
            "customer-service's answer about the mode has no " + name + ": is it of this version?");
      }
      return value;
    }
  }
}
