package dev.tandem.mode.event;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As much of JSON Schema as {@code docs/event-message.schema.json} uses; the rest it refuses. */
final class MessageSchema {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode schema =
      JSON.readTree(Path.of("..", "docs", "event-message.schema.json").toFile());

  /** What is wrong with it, as that kind of message. */
  List<String> faultsOf(String kind, String message) {
    var faults = new ArrayList<String>();
    check(kind, definition(kind), JSON.readTree(message), faults);
    return faults;
  }

  private JsonNode definition(String name) {
    return schema.path("$defs").required(name);
  }

  private void check(String at, JsonNode rule, JsonNode value, List<String> faults) {
    for (var word : rule.properties()) {
      var expected = word.getValue();
      boolean good =
          switch (word.getKey()) {
            case "$ref" -> {
              var name = expected.asString().substring("#/$defs/".length());
              check(at, definition(name), value, faults);
              yield true;
            }
            case "const" -> expected.equals(value);
            case "enum" -> expected.valueStream().anyMatch(value::equals);
            case "minimum" -> value.asLong() >= expected.asLong();
            case "pattern" ->
                !value.isString()
                    || Pattern.compile(expected.asString()).matcher(value.asString()).matches();
            case "type" ->
                expected.isArray()
                    ? expected.valueStream().anyMatch(type -> isOf(type.asString(), value))
                    : isOf(expected.asString(), value);
            case "required" -> expected.valueStream().allMatch(name -> value.has(name.asString()));
            case "properties", "description" -> true;
            default -> throw new AssertionError("unknown word " + word.getKey());
          };
      if (!good) {
        faults.add(at + " " + word.getKey());
      }
    }
    for (var member : rule.path("properties").properties()) {
      if (value.has(member.getKey())) {
        check(at + "." + member.getKey(), member.getValue(), value.get(member.getKey()), faults);
      }
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "null" -> value.isNull();
      default -> throw new AssertionError("unknown type " + type);
    };
  }
}
