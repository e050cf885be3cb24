package dev.tandem.stack.crash;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.crash.Fault.Healed;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.steps.ArmedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** One fault at one step of one change. */
record Cell(String name, Wish wish, Step step, Fault fault) {

  private static final String COORDINATOR = "tx-coordinator";
  private static final int ATTEMPTS = 5;
  private static final Duration TO_THE_STEP = Duration.ofSeconds(10);
  private static final Duration TRACES_WITHIN = Duration.ofMillis(1_500);

  /** What is asked for. */
  enum Wish {
    /** Of a limit of 100.00. */
    RAISE("250.00"),
    /** While 80.00 are ordered: order-service vetoes it. */
    VETOED("50.00");

    private final String limit;

    Wish(String limit) {
      this.limit = limit;
    }

    String limit() {
      return limit;
    }
  }

  Cell(String name, Step step, Fault fault) {
    this(name, Wish.RAISE, step, fault);
  }

  /** A change that somebody has sent and is waiting for. */
  record Trial(String customer, String key, Wish wish, CompletableFuture<Answer> answer) {

    static Trial send(CrashStack stack, String customer, Wish wish) {
      var key = UUID.randomUUID().toString();
      return new Trial(
          customer,
          key,
          wish,
          CompletableFuture.supplyAsync(() -> stack.change(customer, wish, key)));
    }
  }

  /**
   * Makes everything healthy, brings a change to the step, strikes, and looks what became of it.
   *
   * @param patience how long to wait for the end, for the sake of the report: what is late is told
   */
  Report play(CrashStack stack, Duration patience) throws Exception {
    var missed = new ArrayList<String>();
    stack.heal();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var customer = stack.newCustomerFor(wish);
      try (var armed = stack.arm(step)) {
        var trial = Trial.send(stack, customer, wish);
        var proof = awaitStep(stack, armed, trial);
        if (proof.isPresent()) {
          var change = stack.databases().changeOf(trial.key()).orElseThrow();
          Healed healed = fault.strike(stack, armed, change);
          return new Inquest(stack, this, trial, change, proof.get(), healed).report(patience);
        }
        armed.release();
        missed.add(trial.answer().get().inWords());
      }
    }
    throw new AssertionError(name + ": no change came to this step; answers: " + missed);
  }

  /** The proof that the change stands at the step; empty if it went another way. */
  private Optional<String> awaitStep(CrashStack stack, ArmedStep armed, Trial trial)
      throws InterruptedException, ExecutionException {
    try {
      await()
          .atMost(TO_THE_STEP)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> armed.proof().isPresent() || trial.answer().isDone());
      await()
          .atMost(TRACES_WITHIN)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> step.traces().equals(traces(stack, trial)));
      return armed.proof().map(proof -> step.where() + " " + proof + ", " + step.traces());
    } catch (ConditionTimeoutException anotherWay) {
      return Optional.empty();
    }
  }

  private static Traces traces(CrashStack stack, Trial trial) throws Exception {
    var change = stack.databases().changeOf(trial.key());
    return change.isPresent() ? stack.databases().traces(change.get()) : Traces.NONE;
  }

  /** Every step of a change, each with every service killed. */
  private static List<Cell> kills() {
    var cells = new ArrayList<Cell>();
    for (var step : Step.ofAChange()) {
      for (var victim : CrashStack.SERVICES) {
        cells.add(killed(victim, step));
      }
    }
    return cells;
  }

  static Cell killed(String victim, Step step) {
    return new Cell(victim + " killed " + step.title(), step, Fault.kill(victim));
  }

  static Cell frozen(String victim, Duration time, Step step) {
    return new Cell(
        victim + " frozen for " + time.toSeconds() + " s " + step.title(),
        step,
        Fault.freeze(victim, time));
  }

  private static List<Cell> databaseKills() {
    var cells = new ArrayList<Cell>();
    for (var database : List.of(TwoDatabases.OWNER, TwoDatabases.COPY)) {
      cells.add(killed(database, Step.BEFORE_THE_DECISION));
      cells.add(killed(database, Step.AFTER_THE_DECISION));
    }
    return cells;
  }

  private static List<Cell> brokenSessions() {
    return List.of(
        at(Step.OWNER_SENDS_COMMIT, "sessions ended", Fault.endSessions(TwoDatabases.OWNER)),
        at(Step.COPY_SENDS_COMMIT, "sessions ended", Fault.endSessions(TwoDatabases.COPY)),
        at(
            Step.OWNER_SENDS_COMMIT,
            "the commit's answer lost",
            Fault.loseTheAnswerOfTheCommit(TwoDatabases.OWNER)),
        at(
            Step.COPY_SENDS_COMMIT,
            "the commit's answer lost",
            Fault.loseTheAnswerOfTheCommit(TwoDatabases.COPY)));
  }

  private static List<Cell> frosts() {
    var cells = new ArrayList<Cell>();
    for (var seconds : List.of(3, 15)) {
      cells.add(frozen(COORDINATOR, Duration.ofSeconds(seconds), Step.BEFORE_THE_DECISION));
      cells.add(frozen(COORDINATOR, Duration.ofSeconds(seconds), Step.AFTER_THE_DECISION));
    }
    var time = Duration.ofSeconds(3);
    cells.add(frozen("customer-service", time, Step.ONE_IS_PREPARED));
    cells.add(frozen("customer-service", time, Step.BOTH_ARE_PREPARED));
    cells.add(frozen("order-service", time, Step.BETWEEN_THE_COMMITS));
    cells.add(frozen(TwoDatabases.OWNER, time, Step.AFTER_THE_DECISION));
    cells.add(frozen(TwoDatabases.COPY, time, Step.AFTER_THE_DECISION));
    return cells;
  }

  private static List<Cell> severalAtOnce() {
    return List.of(
        at(
            Step.BOTH_ARE_PREPARED,
            "coordinator killed and customer-service away",
            Fault.killCoordinatorAndLeaveTheOwnerAway()),
        at(
            Step.BOTH_ARE_PREPARED,
            "coordinator killed and order-service away",
            Fault.killCoordinatorAndLeaveTheCopyAway()),
        at(
            Step.AFTER_THE_DECISION,
            "coordinator killed twice",
            Fault.killCoordinatorAgainAfterHalfOfItsDelivery()),
        at(Step.ONE_IS_PREPARED, "power cut", Fault.cutThePower()),
        at(Step.BEFORE_THE_DECISION, "power cut", Fault.cutThePower()),
        at(Step.AFTER_THE_DECISION, "power cut", Fault.cutThePower()),
        at(Step.BETWEEN_THE_COMMITS, "power cut", Fault.cutThePower()));
  }

  private static Cell at(Step step, String what, Fault fault) {
    return new Cell(what + " " + step.title(), step, fault);
  }

  /** The whole table. */
  static List<Cell> all() {
    return Stream.of(kills(), databaseKills(), brokenSessions(), frosts(), severalAtOnce())
        .flatMap(List::stream)
        .toList();
  }
}
