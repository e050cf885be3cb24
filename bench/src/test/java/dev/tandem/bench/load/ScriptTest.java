package dev.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Shape.Range;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static final int STEPS = 5_000;
  private static final Map<Operation, Integer> MIX =
      Map.of(
          Operation.PLACE_ORDER, 40,
          Operation.CHANGE_LIMIT, 30,
          Operation.CANCEL_ORDER, 20,
          Operation.READ_CREDIT, 10);

  @Test
  void oneSeedGivesTheSameStepsAgainAndAnotherOneOthers() {
    var shape = shape(Spread.ZIPF, Limits.ANY);

    assertThat(steps(shape, 7)).isEqualTo(steps(shape, 7)).isNotEqualTo(steps(shape, 8));
  }

  @Test
  void eachRoundAndWindowHasASeedOfItsOwnAndNoModeHas() {
    var seeds =
        Stream.of(
                Script.seed(1, 1, "healthy"),
                Script.seed(1, 2, "healthy"),
                Script.seed(1, 1, "fault"),
                Script.seed(2, 1, "healthy"))
            .toList();

    assertThat(seeds).doesNotHaveDuplicates();
    assertThat(Script.seed(1, 1, "healthy")).isEqualTo(seeds.get(0));
  }

  @Test
  void stepsComeInTheOrderInWhichTheyAreDueAndAtTheRateThatWasAskedFor() {
    var steps = steps(shape(Spread.UNIFORM, Limits.ANY), 1);

    assertThat(steps).extracting(Step::due).isSorted();
    double seconds = steps.get(STEPS - 1).due() / 1e9;
    assertThat(STEPS / seconds).isBetween(90.0, 110.0);
  }

  @Test
  void aCancelNamesAnOrderOfTheSameClientAndCustomerOnce() {
    var placed = new HashSet<String>();
    int cancels = 0;
    for (var step : steps(shape(Spread.UNIFORM, Limits.ANY), 1)) {
      if (step.operation() == Operation.PLACE_ORDER) {
        placed.add(step.client() + " " + step.number() + " " + step.customer());
      }
      if (step.operation() == Operation.CANCEL_ORDER) {
        cancels++;
        assertThat(placed.remove(step.client() + " " + step.order() + " " + step.customer()))
            .as("%s", step)
            .isTrue();
      }
    }
    assertThat(cancels).isGreaterThan(STEPS / 10);
  }

  @Test
  void limitsAreRaisedAndLowered() {
    var directions =
        directions(amountsOf(steps(shape(Spread.HOT, Limits.ANY), 1), Operation.CHANGE_LIMIT, 0));

    assertThat(directions).contains(-1, 1);
  }

  @Test
  void fallingLimitsFallStepByStepAndThenBeginFromTheTop() {
    var limits = amountsOf(steps(shape(Spread.HOT, Limits.FALLING), 1), Operation.CHANGE_LIMIT, 0);

    assertThat(limits.subList(0, 11))
        .extracting(BigDecimal::intValue)
        .containsExactly(1000, 900, 800, 700, 600, 500, 400, 300, 200, 100, 1000);
  }

  @Test
  void zipfPrefersTheFirstCustomersAndHotHasOnlyOne() {
    var zipf = steps(shape(Spread.ZIPF, Limits.ANY), 1);
    long first = zipf.stream().filter(step -> step.customer() == 0).count();
    long tenth = zipf.stream().filter(step -> step.customer() == 9).count();

    assertThat(first).isGreaterThan(5 * tenth);
    assertThat(steps(shape(Spread.HOT, Limits.ANY), 1)).allMatch(step -> step.customer() == 0);
  }

  private static Shape shape(Spread spread, Limits limits) {
    return new Shape(100, 4, 20, spread, limits, new Range(100, 1000), new Range(1, 50), MIX);
  }

  private static List<Step> steps(Shape shape, long seed) {
    return Stream.generate(new Script(shape, seed)::next).limit(STEPS).toList();
  }

  private static List<BigDecimal> amountsOf(List<Step> steps, Operation operation, int client) {
    return steps.stream()
        .filter(step -> step.operation() == operation && step.client() == client)
        .map(step -> new BigDecimal(step.amount()))
        .toList();
  }

  private static List<Integer> directions(List<BigDecimal> amounts) {
    var directions = new ArrayList<Integer>();
    for (int i = 1; i < amounts.size(); i++) {
      directions.add(amounts.get(i).compareTo(amounts.get(i - 1)));
    }
    return directions;
  }
}
