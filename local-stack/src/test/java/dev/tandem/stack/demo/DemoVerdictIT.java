package dev.tandem.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import dev.tandem.stack.system.Tables;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The last chapter of each mode and the verdict, on both databases as they are. The whole demo with
 * its exit code is {@code DemoCommandIT}.
 */
@InMode("xa")
class DemoVerdictIT {
  private final RunningShop shop;
  private final StringWriter told = new StringWriter();
  private Answer raised;

  DemoVerdictIT(RunningShop shop) {
    this.shop = shop;
  }

  @BeforeEach
  void aChangedLimit() throws Exception {
    shop.tables().empty();
    raised = shop.limitChanged(shop.newCustomer("100.00"), 1, "200.00");
  }

  @AfterEach
  void forgetAll() throws Exception {
    shop.tables().empty();
  }

  @Test
  void aShopInOrderPassesInEveryMode() throws Exception {
    assertThat(verdict()).as(told.toString()).isTrue();

    assertThat(told.toString())
        .contains("=== Mode xa.", "=== Mode lra.", "=== Mode event.")
        .contains("7 of 7")
        .contains("Every check held.")
        .doesNotContain("BAD");
  }

  @Test
  void aChangeThatIsHalfDoneFailsIt() throws Exception {
    var change = raised.text("changeId");
    shop.tables()
        .execute(
            Tables.COPY,
            "delete from limit_change where change_id = '%s'; update credit_account set credit_limit = 100, limit_version = 1"
                .formatted(change));

    assertThat(verdict()).as(told.toString()).isFalse();

    assertThat(told.toString())
        .contains("BAD  both databases have the same limits")
        .contains("BAD  every change is whole")
        .containsPattern("BAD +acknowledged changes are on both sides +1 of 1 wrong.*" + change)
        .contains("A CHECK FAILED: see BAD above.");
    assertThat(shop.stack().mode()).as("the mode that was in force before").isEqualTo("xa");
  }

  private boolean verdict() throws Exception {
    var demo = new Demo(shop.stack(), new PrintWriter(told));
    return demo.tell(story -> story.databasesAreChecked(List.of(raised)));
  }
}
