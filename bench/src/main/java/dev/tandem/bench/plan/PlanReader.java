package dev.tandem.bench.plan;

import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Limits;
import dev.tandem.bench.load.Shape;
import dev.tandem.bench.load.Shape.Range;
import dev.tandem.bench.load.Spread;
import dev.tandem.bench.plan.FaultKind.Hits;
import dev.tandem.bench.plan.Plan.Windows;
import dev.tandem.stack.Stack;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a plan, and refuses whatever it does not know. */
final class PlanReader {
  private static final int MOST = 100_000;
  private static final int LARGEST_AMOUNT = 1_000_000;

  /** In a plan that names no operations. */
  private static final Map<Operation, Integer> USUAL_MIX =
      Map.of(
          Operation.PLACE_ORDER, 30,
          Operation.CHANGE_LIMIT, 25,
          Operation.CANCEL_ORDER, 25,
          Operation.READ_CREDIT, 10,
          Operation.READ_CUSTOMER, 10);

  private PlanReader() {}

  static Plan read(String name, String file, String text) {
    var top = new Keys(file, "", tree(file, text));
    var question = top.text("question");
    var load = shape(top.mapping("load"));
    var windows = windows(top.mapping("windows"));
    int rounds = top.number("rounds", 1, MOST, 2);
    int healthyRounds = top.number("healthy-rounds", 1, MOST, rounds);
    var faults = top.list("faults").stream().map(PlanReader::fault).toList();
    top.refuseOthers();
    return new Plan(name, question, load, windows, healthyRounds, rounds, faults);
  }

  private static JsonNode tree(String file, String text) {
    try {
      return YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readTree(text);
    } catch (JacksonException e) {
      throw new PlanException(
          "%s is not YAML as a plan is written, at line %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }

  private static Shape shape(Keys load) {
    var shape =
        new Shape(
            load.number("rate", 1, MOST, 40),
            load.number("clients", 1, 1_000, 8),
            load.number("customers", 1, MOST, 20),
            load.oneOf("spread", Spread.class, Spread.UNIFORM),
            load.oneOf("limits", Limits.class, Limits.ANY),
            range(load, "limit", new Range(50, 500)),
            range(load, "order", new Range(10, 120)),
            mix(load));
    load.refuseOthers();
    return shape;
  }

  private static Range range(Keys load, String key, Range other) {
    var keys = load.mapping(key);
    var range =
        new Range(
            keys.number("from", 1, LARGEST_AMOUNT, other.from()),
            keys.number("to", 1, LARGEST_AMOUNT, other.to()));
    keys.refuseOthers();
    if (range.from() > range.to()) {
      throw load.wrong(key, "is to go from the lower amount to the higher one");
    }
    return range;
  }

  private static Map<Operation, Integer> mix(Keys load) {
    if (!load.has("mix")) {
      return USUAL_MIX;
    }
    var keys = load.mapping("mix");
    var mix = new EnumMap<Operation, Integer>(Operation.class);
    for (var operation : USUAL_MIX.keySet().stream().sorted().toList()) {
      mix.put(operation, keys.number(Plans.word(operation), 0, MOST, 0));
    }
    keys.refuseOthers();
    if (mix.values().stream().allMatch(weight -> weight == 0)) {
      throw load.wrong("mix", "is to have at least one weight above 0");
    }
    if (mix.getOrDefault(Operation.CANCEL_ORDER, 0) > 0
        && mix.getOrDefault(Operation.PLACE_ORDER, 0) == 0) {
      throw load.wrong("mix", "has cancel-order without place-order: nothing would be cancelled");
    }
    return mix;
  }

  private static Windows windows(Keys windows) {
    var read =
        new Windows(
            windows.seconds("first-warm-up", Duration.ofSeconds(5)),
            windows.seconds("warm-up", Duration.ofSeconds(3)),
            windows.seconds("healthy", Duration.ofSeconds(6)),
            windows.seconds("fault", Duration.ofSeconds(5)),
            windows.seconds("after", Duration.ofSeconds(6)),
            windows.seconds("closed", Duration.ZERO));
    windows.refuseOthers();
    if (read.healthy().isZero()) {
      throw windows.wrong("healthy", "is to be longer than 0: without it nothing is compared");
    }
    return read;
  }

  private static FaultWish fault(Keys keys) {
    var kind = keys.oneOf("fault", FaultKind.class);
    boolean link = kind.hits(Hits.LINK);
    var wish =
        new FaultWish(
            kind,
            kind.hits(Hits.PART) ? part(keys, "part") : "",
            link ? part(keys, "from") : "",
            link ? part(keys, "to") : "",
            kind == FaultKind.SLOW_LINK
                ? keys.millis("delay-millis", Duration.ofMillis(100))
                : Duration.ZERO);
    keys.refuseOthers();
    return link ? connected(wish, keys) : wish;
  }

  private static FaultWish connected(FaultWish wish, Keys keys) {
    var links = Stack.linksOf(wish.from());
    if (links.isEmpty()) {
      throw keys.wrong("from", "is to be a part that connects to others, not " + wish.from());
    }
    if (!links.contains(wish.to())) {
      throw keys.wrong(
          "to",
          "is to be one that %s connects to (%s), not %s"
              .formatted(wish.from(), String.join(", ", links), wish.to()));
    }
    return wish;
  }

  private static String part(Keys keys, String key) {
    var part = keys.text(key);
    if (!Stack.partNames().contains(part)) {
      throw keys.wrong(
          key, "is to be one of " + String.join(", ", Stack.partNames()) + ", not " + part);
    }
    return part;
  }
}
