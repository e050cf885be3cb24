package dev.tandem.stack.crash;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.Stack;
import dev.tandem.stack.crash.Traces.Mark;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.steps.ArmedStep;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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

    Healed andSeen(Evidence more) {
      return new Healed(at, Stream.concat(seen.stream(), Stream.of(more)).toList());
    }
  }

  /** How long an orphan may wait once everybody it needs is there. */
  Duration SOON = Duration.ofSeconds(5);

  Duration AT_THE_SECOND_STEP = Duration.ofSeconds(10);

  /** The coordinator waits 2 s, and repeats within about 2 s. */
  Duration LONGER_THAN_A_CALLBACK = Duration.ofMillis(4_500);

  /** kill -9, and a new start. */
  static Fault kill(String part) {
    return (stack, step, change) -> {
      stack.parts().kill(part);
      step.release();
      stack.parts().start(part);
      return Healed.now();
    };
  }

  /** kill -9 of all of these, and a new start after they have been away for so long. */
  static Fault killAndStayAway(Duration time, String... parts) {
    return (stack, step, change) -> {
      List.of(parts).forEach(stack.parts()::kill);
      step.release();
      pass(time);
      List.of(parts).forEach(stack.parts()::start);
      return Healed.now();
    };
  }

  /** Nothing is wrong but that it takes so long. */
  static Fault hold(Duration time) {
    return (stack, step, change) -> {
      pass(time);
      step.release();
      return Healed.now();
    };
  }

  /** It takes so long that it is not closed any more; then another fault while it is cancelled. */
  static Fault tooLateAndThen(Duration time, Step second, Fault fault) {
    return (stack, step, change) -> {
      try (var armed = stack.arm(second)) {
        pass(time);
        step.release();
        await("the change stands " + second.title())
            .atMost(AT_THE_SECOND_STEP)
            .until(() -> armed.proof().isPresent());
        var there = stack.databases().traces(change);
        var proof = armed.proof().orElseThrow() + ", " + there;
        return fault
            .strike(stack, armed, change)
            .andSeen(
                new Evidence(
                    "it stood with both limits written down " + second.title(),
                    there.owner() == Mark.PENDING,
                    proof));
      }
    };
  }

  /** The copy stands still for so long that the coordinator repeats the callback. */
  static Fault freezeTheCopyUntilItIsCalledTwice(String callback) {
    return (stack, step, change) -> {
      long before = stack.callbacks(callback);
      var healed = freeze("order-service", LONGER_THAN_A_CALLBACK).strike(stack, step, change);
      await("the second " + callback)
          .atMost(SOON)
          .until(() -> stack.callbacks(callback) > before + 1);
      return healed.andSeen(
          new Evidence(
              callback + " was called more than once",
              true,
              stack.callbacks(callback) - before + " times"));
    };
  }

  private static void pass(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }

  /**
   * The part stands still, its connections stay open, and whoever stood at the step wakes in it.
   */
  static Fault freeze(String part, Duration time) {
    return (stack, step, change) -> {
      stack.parts().freeze(part);
      try {
        step.release();
        pass(time);
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
              () -> stack.databases().traces(change).copy() != Mark.PREPARED);
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
              () -> stack.databases().traces(change).owner() != Mark.PREPARED);
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
