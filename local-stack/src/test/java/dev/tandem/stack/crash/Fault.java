package dev.tandem.stack.crash;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.Stack;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.steps.ArmedStep;
import java.time.Duration;
import java.util.List;

/** Something that goes wrong while a change stands at a step, together with its healing. */
@FunctionalInterface
interface Fault {

  /**
   * Strikes, lets the change go on, and heals.
   *
   * @return when all parts were healthy again, and what had to be seen before that
   */
  Healed strike(CrashStack stack, ArmedStep step, String change) throws Exception;

  /**
   * The end of a fault.
   *
   * @param at on {@link System#nanoTime}
   */
  record Healed(long at, List<Evidence> seen) {
    static Healed now(Evidence... seen) {
      return new Healed(System.nanoTime(), List.of(seen));
    }
  }

  /** How long an orphan may wait once everybody it needs is there. */
  Duration SOON = Duration.ofSeconds(5);

  /** kill -9, and a new start. */
  static Fault kill(String part) {
    return (stack, step, change) -> {
      stack.parts().kill(part);
      step.release();
      stack.parts().start(part);
      return Healed.now();
    };
  }

  /**
   * The part stands still, its connections stay open, and whoever stood at the step wakes in it.
   */
  static Fault freeze(String part, Duration time) {
    return (stack, step, change) -> {
      stack.parts().freeze(part);
      try {
        step.release();
        await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
      } finally {
        stack.parts().thaw(part);
      }
      return Healed.now();
    };
  }

  /** pgjdbc 4438: the backend dies before it reads COMMIT PREPARED; the branch stays prepared. */
  static Fault endSessions(String database) {
    return (stack, step, change) -> {
      int ended = stack.databases().endSessions(database);
      step.release();
      return Healed.now(
          new Evidence("sessions of " + database + " were ended", ended > 0, ended + " of them"));
    };
  }

  /** The backend commits the branch, and dies before it can say so. */
  static Fault loseTheAnswerOfTheCommit(String database) {
    return (stack, step, change) -> {
      var databases = stack.databases();
      databases.holdBackAnswersOfCommits(database, true);
      try {
        step.release();
        await("a commit without an answer in " + database)
            .atMost(SOON)
            .until(() -> databases.hasCommitThatCannotBeAnswered(database));
        databases.endSessions(database);
      } finally {
        databases.holdBackAnswersOfCommits(database, false);
      }
      return Healed.now();
    };
  }

  /**
   * Coordinator and customer-service are killed; the copy's branch must not wait for the latter.
   */
  static Fault killCoordinatorAndLeaveTheOwnerAway() {
    return (stack, step, change) -> {
      stack.parts().kill("customer-service");
      stack.parts().kill("tx-coordinator");
      stack.parts().start("tx-coordinator");
      var seen =
          orphanGone(
              stack,
              "the copy's orphan ends while customer-service is away",
              () -> !stack.databases().traces(change).preparedByCopy());
      step.release();
      stack.parts().start("customer-service");
      return Healed.now(seen);
    };
  }

  /** Coordinator and order-service are killed; the owner's branch must not wait for the latter. */
  static Fault killCoordinatorAndLeaveTheCopyAway() {
    return (stack, step, change) -> {
      stack.parts().kill("order-service");
      stack.parts().kill("tx-coordinator");
      stack.parts().start("tx-coordinator");
      var seen =
          orphanGone(
              stack,
              "the owner's orphan ends while order-service is away",
              () -> !stack.databases().traces(change).preparedByOwner());
      step.release(); // only now: it asks the coordinator to commit what is rolled back
      stack.parts().start("order-service");
      return Healed.now(seen);
    };
  }

  /**
   * As a power cut: everything stands still at one moment, and never goes on. It says nothing of
   * the disk, because the kernel keeps what it was given.
   */
  static Fault cutThePower() {
    return (stack, step, change) -> {
      Stack.partNames().forEach(stack.parts()::freeze);
      Stack.partNames().forEach(stack.parts()::kill);
      step.release();
      Stack.partNames().forEach(stack.parts()::start);
      return Healed.now();
    };
  }

  /** The coordinator delivers its decision to one, is killed again, and then finds the other. */
  static Fault killCoordinatorAgainAfterHalfOfItsDelivery() {
    return (stack, step, change) -> {
      stack.parts().kill("order-service");
      stack.parts().kill("tx-coordinator");
      stack.parts().start("tx-coordinator");
      var seen =
          orphanGone(
              stack,
              "the owner commits while order-service is away",
              () -> stack.databases().traces(change).equals(Step.BETWEEN_THE_COMMITS.traces()));
      stack.parts().kill("tx-coordinator");
      stack.parts().start("order-service");
      stack.parts().start("tx-coordinator");
      return Healed.now(seen);
    };
  }

  private static Evidence orphanGone(
      CrashStack stack, String claim, java.util.concurrent.Callable<Boolean> isGone) {
    long began = System.nanoTime();
    await(claim).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(isGone);
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new Evidence(claim, took.compareTo(SOON) <= 0, "after " + took.toMillis() + " ms");
  }
}
