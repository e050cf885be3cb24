package dev.tandem.mode.besteffort;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.ChangeRefused;
import dev.tandem.mode.ConsistencyMode;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal.Reason;
import dev.tandem.mode.Scripted;
import dev.tandem.mode.TestApp;
import dev.tandem.mode.TestCopy;
import dev.tandem.mode.TestDatabases;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both sides of the mode that holds nothing together, on their real databases. */
class BestEffortIT {

  private static final Map<String, Object> BEST_EFFORT =
      Map.of("tandem.consistency.enabled", "besteffort", "tandem.consistency.mode", "besteffort");
  private static final int OTHER = TestApp.freePort();

  private static TestApp copy;
  private static TestApp owner;
  private static TestApp ownerOfAnother;

  private final CreditLimitChange change =
      new CreditLimitChange(
          ChangeId.random(),
          CustomerId.random(),
          Kind.CREATE,
          CreditLimit.of("5.00"),
          "A",
          null,
          Instant.now());

  @BeforeAll
  static void start() {
    copy = new TestApp(TestApp.CopySide.class, Databases.ORDERS, BEST_EFFORT);
    owner = owner(copy.internally("").toString());
    ownerOfAnother = owner("http://127.0.0.1:" + OTHER);
  }

  private static TestApp owner(String copy) {
    var settings = new java.util.HashMap<>(BEST_EFFORT);
    settings.put("tandem.services.order-service.url", copy);
    return new TestApp(TestApp.OwnerSide.class, Databases.CUSTOMER, settings);
  }

  @AfterAll
  static void stop() {
    copy.close();
    owner.close();
    ownerOfAnother.close();
  }

  @AfterEach
  void tidy() {
    copy.bean(TestCopy.class).undisturbed();
  }

  @Test
  void inTheGoodCaseBothHaveTheChange() {
    assertThat(carryOut(owner)).isEqualTo(new Outcome.Applied(change.id(), 1, true));
    assertThat(isIn(Databases.CUSTOMER)).isTrue();
    assertThat(isIn(Databases.ORDERS)).isTrue();
  }

  @Test
  void aCopyThatRefusesLeavesTheOwnerChanged() {
    copy.bean(TestCopy.class)
        .afterwards(
            (limit, jdbc) -> {
              throw new ChangeRefused(Reason.BELOW_EXPOSURE, "too low");
            });
    assertRefused(carryOut(owner), Reason.BELOW_EXPOSURE);
    assertThat(isIn(Databases.CUSTOMER)).isTrue();
    assertThat(isIn(Databases.ORDERS)).isFalse();
  }

  @Test
  void aCopyThatFailsLeavesTheOwnerChanged() {
    copy.bean(TestCopy.class)
        .afterwards((limit, jdbc) -> jdbc.sql("select 1 / 0").query().listOfRows());
    assertRefused(carryOut(owner), Reason.PART_AWAY);
    assertThat(isIn(Databases.CUSTOMER)).isTrue();
    assertThat(isIn(Databases.ORDERS)).isFalse();
  }

  @Test
  void aCopyThatIsAwayLeavesTheOwnerChanged() {
    assertRefused(carryOut(ownerOfAnother), Reason.PART_AWAY);
    assertThat(isIn(Databases.CUSTOMER)).isTrue();
  }

  @Test
  void anAnswerThatIsLostCallsADoneChangeRefused() {
    try (var silent = new Scripted(OTHER).on("/work", any -> null)) {
      assertRefused(carryOut(ownerOfAnother), Reason.PART_AWAY);
      assertThat(silent.asked("/work")).hasSize(1);
    }
    assertThat(isIn(Databases.CUSTOMER)).isTrue();
  }

  @Test
  void aStaleVersionIsRefusedBeforeTheCopyHearsOfIt() {
    var stale =
        new CreditLimitChange(
            change.id(), change.customer(), Kind.CHANGE, change.limit(), null, 7L, Instant.now());
    var outcome = owner.bean(ConsistencyMode.class).carryOut(stale);
    assertRefused(outcome, Reason.UNKNOWN_CUSTOMER);
    assertThat(isIn(Databases.ORDERS)).isFalse();
  }

  @Test
  void aChangeThatNobodyBeganIsRefusedByTheQuestion() {
    assertRefused(owner.bean(ConsistencyMode.class).outcomeOf(change.id()), Reason.ROLLED_BACK);
  }

  @Test
  void theOtherRoomIsNotOpenUnlessItIsNamed() {
    assertThat(copy.get("/internal/xa/branches?coordinator=tandem-a").statusCode()).isEqualTo(404);
  }

  private Outcome carryOut(TestApp app) {
    return app.bean(ConsistencyMode.class).carryOut(change);
  }

  private boolean isIn(Databases database) {
    return TestDatabases.asService(database)
        .sql("select exists (select from limit_change where change_id = ? and state = 'applied')")
        .param(change.id().value())
        .query(Boolean.class)
        .single();
  }

  private static void assertRefused(Outcome outcome, Reason reason) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).refusal().reason()).isEqualTo(reason);
  }
}
