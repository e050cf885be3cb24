package dev.tandem.bench.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The keys of one mapping of a plan. Each is asked for by name and type; what nobody asked for is
 * refused at the end.
 */
final class Keys {
  private static final double MILLIS = 1_000;

  private final String file;
  private final String path;
  private final JsonNode mapping;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param path of this mapping in the file, with a dot at its end; "" at the top
   */
  Keys(String file, String path, @Nullable JsonNode mapping) {
    this.file = file;
    this.path = path;
    this.mapping = mapping == null ? JsonNodeFactory.instance.objectNode() : mapping;
    if (!this.mapping.isObject()) {
      throw new PlanException(
          file
              + ": "
              + (path.isEmpty() ? "the file" : path.replaceFirst("\\.$", ""))
              + " is to be a mapping of keys to values.");
    }
  }

  String text(String key) {
    var value = find(key);
    if (value == null || !value.isString() || value.asString().isBlank()) {
      throw wrong(key, value, "a text");
    }
    return value.asString().strip();
  }

  boolean has(String key) {
    return find(key) != null;
  }

  int number(String key, int from, int to, int other) {
    var value = find(key);
    if (value == null) {
      return other;
    }
    if (!value.isInt() || value.asInt() < from || value.asInt() > to) {
      throw wrong(key, value, "a whole number from " + from + " to " + to);
    }
    return value.asInt();
  }

  /** Whole or broken seconds. */
  Duration seconds(String key, Duration other) {
    return amountOfTime(key, MILLIS, "a number of seconds from 0 to 3600", other);
  }

  Duration millis(String key, Duration other) {
    return amountOfTime(key, 1, "a number of milliseconds from 0 to 3600000", other);
  }

  <E extends Enum<E>> E oneOf(String key, Class<E> type, E other) {
    return has(key) ? oneOf(key, type) : other;
  }

  <E extends Enum<E>> E oneOf(String key, Class<E> type) {
    var value = find(key);
    return Arrays.stream(type.getEnumConstants())
        .filter(
            each -> value != null && value.isString() && Plans.word(each).equals(value.asString()))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    value,
                    "one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Plans::word)
                            .collect(Collectors.joining(", "))));
  }

  Keys mapping(String key) {
    return new Keys(file, path + key + ".", find(key));
  }

  /** The mappings of a list; none if the key is not there. */
  List<Keys> list(String key) {
    var value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(key, value, "a list");
    }
    return IntStream.range(0, value.size())
        .mapToObj(i -> new Keys(file, path + key + "[" + (i + 1) + "].", value.get(i)))
        .toList();
  }

  /** Must follow the last question. */
  void refuseOthers() {
    for (var key : mapping.propertyNames()) {
      if (!known.contains(key)) {
        throw new PlanException(
            "%s: there is no key %s%s. The keys here are %s."
                .formatted(file, path, key, String.join(", ", known)));
      }
    }
  }

  PlanException wrong(String key, String cure) {
    return new PlanException("%s: %s%s %s.".formatted(file, path, key, cure));
  }

  private Duration amountOfTime(String key, double millisOfOne, String whatItIs, Duration other) {
    var value = find(key);
    if (value == null) {
      return other;
    }
    double millis = value.isNumber() ? value.asDouble() * millisOfOne : -1;
    if (!(millis >= 0 && millis <= Duration.ofHours(1).toMillis())) {
      throw wrong(key, value, whatItIs);
    }
    return Duration.ofMillis((long) millis);
  }

  private @Nullable JsonNode find(String key) {
    known.add(key);
    return mapping.get(key);
  }

  private PlanException wrong(String key, @Nullable JsonNode value, String whatItIs) {
    return value == null
        ? new PlanException("%s: %s%s is missing: %s.".formatted(file, path, key, whatItIs))
        : new PlanException(
            "%s: %s%s is to be %s, not %s.".formatted(file, path, key, whatItIs, value));
  }
}
