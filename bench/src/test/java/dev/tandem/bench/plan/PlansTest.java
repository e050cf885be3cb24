package dev.tandem.bench.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Limits;
import dev.tandem.bench.load.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class PlansTest {
  private static final List<String> NAMES = Plans.NAMES;

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyPlanThatComesWithTheBenchCanBeReadAndAsksOneQuestion(String name) {
    var plan = Plans.find(name);

    assertThat(plan.name()).isEqualTo(name);
    assertThat(plan.question()).contains("?");
  }

  @Test
  void aPlanOfOnesOwnIsNamedByItsPath() throws IOException {
    var plan =
        Plans.find(
            file(
                """
                question: What if?
                load:
                  rate: 5
                  spread: zipf
                  limits: falling
                  mix: {place-order: 3, change-limit: 1}
                windows: {healthy: 0.5}
                rounds: 4
                faults:
                  - {fault: slow-link, from: customer-service, to: order-service, delay-millis: 20}
                  - {fault: freeze, part: broker}
                """));

    assertThat(plan.name()).isEqualTo("my-plan");
    assertThat(plan.rounds()).isEqualTo(4);
    assertThat(plan.load().rate()).isEqualTo(5);
    assertThat(plan.load().spread()).isEqualTo(Spread.ZIPF);
    assertThat(plan.load().limits()).isEqualTo(Limits.FALLING);
    assertThat(plan.load().mix())
        .containsEntry(Operation.PLACE_ORDER, 3)
        .containsEntry(Operation.READ_CREDIT, 0);
    assertThat(plan.windows().healthy()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.faultOf(1))
        .isEqualTo(
            new FaultWish(
                FaultKind.SLOW_LINK,
                "",
                "customer-service",
                "order-service",
                Duration.ofMillis(20)));
    assertThat(plan.faultOf(4).part()).isEqualTo("broker");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          question: Q?; lod: {rate: 1}                         | there is no key lod. The keys here are question, load, windows, rounds, healthy-rounds, faults.
          question: Q?; load: {rat: 1}                         | there is no key load.rat. The keys here are rate,
          question: Q?; load: {rate: fast}                     | load.rate is to be a whole number from 1 to 100000, not "fast".
          question: Q?; load: {rate: 0}                        | load.rate is to be a whole number from 1 to 100000, not 0.
          question: Q?; load: {spread: wide}                   | load.spread is to be one of uniform, zipf, hot, not "wide".
          question: Q?; load: {mix: {create-customer: 1}}      | there is no key load.mix.create-customer.
          question: Q?; load: {mix: {cancel-order: 1}}         | load.mix has cancel-order without place-order
          question: Q?; load: {limit: {from: 9, to: 8}}        | load.limit is to go from the lower amount to the higher one.
          question: Q?; load: 7                                | load is to be a mapping of keys to values.
          question: Q?; windows: {healthy: long}               | windows.healthy is to be a number of seconds from 0 to 3600, not "long".
          question: Q?; windows: {healthy: 0}                  | windows.healthy is to be longer than 0
          question: Q?; rounds: 1.5                            | rounds is to be a whole number from 1 to 100000, not 1.5.
          question: Q?; faults: kill                           | faults is to be a list, not "kill".
          question: Q?; faults: [{fault: burn}]                | faults[1].fault is to be one of kill, freeze, restart, full-disk,
          question: Q?; faults: [{fault: kill}]                | faults[1].part is missing: a text.
          question: Q?; faults: [{fault: kill, part: printer}] | faults[1].part is to be one of customer-db, order-db, broker, tx-coordinator, customer-service, order-service, not printer.
          question: Q?; faults: [{fault: cut-link, from: broker, to: order-service}] | faults[1].from is to be a part that connects to others, not broker.
          question: Q?; faults: [{fault: cut-link, from: tx-coordinator, to: order-db}] | faults[1].to is to be one that tx-coordinator connects to (customer-service, order-service), not order-db.
          question: Q?; faults: [{fault: kill, to: broker, part: broker}] | there is no key faults[1].to.
          rounds: 1                                            | question is missing: a text.
          question: Q?; question: R?                           | is not YAML as a plan is written, at line 2
          """)
  void whatIsWrongInAPlanIsRefusedByFileAndKeyWithTheCure(String lines, String message)
      throws IOException {
    var file = file(lines.replace("; ", "\n"));

    assertThatThrownBy(() -> Plans.find(file))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(file)
        .hasMessageContaining(message);
  }

  @Test
  void aPlanThatIsNotThereIsAnsweredWithThoseThatAre() {
    assertThatThrownBy(() -> Plans.find("compare-mods"))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("There is no plan compare-mods, and no such file.")
        .hasMessageContaining("compare-modes");
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("my-plan.yaml"), text).toString();
  }
}
