package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.tandem.stack.ModeReport;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The mode is changed while real processes work. */
@InMode("xa")
class SwitchIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final RunningShop shop;
  private final Stack stack;

  SwitchIT(RunningShop shop) {
    this.shop = shop;
    this.stack = shop.stack();
  }

  @Test
  void eachModeCarriesWhatComesAfterTheSwitchAndBothSidesAgree() throws Exception {
    var customer = shop.newCustomer("100.00");
    assertThat(changed(customer).header("consistency-mode")).contains("xa");

    var report = stack.switchTo("lra", "Ada");

    assertThat(report.mode()).isEqualTo("lra");
    assertThat(stack.mode()).isEqualTo("lra");
    assertThat(changed(customer).header("consistency-mode")).contains("lra");
    stack.switchTo("xa", "Grace");
    assertThat(changed(customer).header("consistency-mode")).contains("xa");
    assertThat(stack.modeReport().changes().subList(0, 2))
        .extracting(ModeReport.Change::from, ModeReport.Change::to, ModeReport.Change::by)
        .containsExactly(tuple("lra", "xa", "Grace"), tuple("xa", "lra", "Ada"));
    allAgrees();
  }

  @Test
  void underLoadNoChangeIsRefusedForASwitchAndBothSidesAgree() throws Exception {
    var end = new AtomicBoolean();
    var writers = new ArrayList<CompletableFuture<ArrayList<Answer>>>();
    for (int i = 0; i < 4; i++) {
      var customer = shop.newCustomer("100.00");
      writers.add(CompletableFuture.supplyAsync(() -> changesUntil(end, customer)));
    }
    for (int i = 0; i < 10; i++) {
      stack.switchTo(List.of("lra", "event", "xa").get(i % 3), "number " + i);
    }
    end.set(true);
    var answers = writers.stream().flatMap(writer -> writer.join().stream()).toList();

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.stream().map(answer -> answer.header("consistency-mode")).distinct())
        .contains(Optional.of("xa"), Optional.of("lra"), Optional.of("event"));
    allAgrees();
    var changes = answers.stream().map(answer -> answer.text("changeId")).toList();
    BrokenPromise.unless(shop.check().acknowledgedTookPlace(changes));
  }

  @Test
  void theModeInForceOutlivesAKillOfCustomerServiceAndIsUnknownMeanwhile() {
    stack.switchTo("lra", "Ada");
    try (var away = shop.killed("customer-service")) {
      assertThat(stack.status().mode()).isEqualTo(StackStatus.UNKNOWN);
      assertThatThrownBy(() -> stack.switchTo("xa", "Ada"))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("customer-service does not answer");
    }
    assertThat(stack.status().mode()).isEqualTo("lra"); // the process was started with xa
    assertThat(changed(shop.newCustomer("100.00")).header("consistency-mode")).contains("lra");
  }

  @Test
  void aModeThatIsNotEnabledIsRefusedWithTheEnabledOnes() {
    assertThatThrownBy(() -> stack.switchTo("besteffort", "Ada"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("enabled are xa, lra, event");
  }

  @Test
  void anOpenActionHoldsTheModeUntilItsEnd() throws Exception {
    stack.switchTo("lra", "Ada");
    var customer = shop.newCustomer("100.00");
    CompletableFuture<Answer> change;
    try (var step = shop.rules().arm("owner-is-pending")) {
      change = CompletableFuture.supplyAsync(() -> changed(customer));
      await().atMost(SOON).until(() -> step.proof().isPresent());
      assertThatThrownBy(() -> stack.switchTo("xa", "Ada"))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("not changed to xa: open is action ");
    }
    change.join();
    shop.awaitNothingUnderWay();
    assertThat(stack.switchTo("xa", "Ada").mode()).isEqualTo("xa");
    allAgrees();
  }

  private ArrayList<Answer> changesUntil(AtomicBoolean end, String customer) {
    var answers = new ArrayList<Answer>();
    while (!end.get()) {
      answers.add(changed(customer));
    }
    return answers;
  }

  private Answer changed(String customer) {
    var version = shop.client().customer(customer).version();
    return shop.client().changeLimit(customer, version, "200.00", null);
  }

  private void allAgrees() throws Exception {
    shop.awaitNothingUnderWay();
    for (var evidence : shop.check().all()) {
      assertThat(evidence).matches(Evidence::holds, "holds");
    }
  }
}
