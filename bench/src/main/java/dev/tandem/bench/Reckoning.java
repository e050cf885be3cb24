package dev.tandem.bench;

import dev.tandem.bench.plan.FaultWish;
import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.Plan.Windows;
import java.time.Duration;

/** How long a run will take: the windows as the plan has them, the rest by experience. */
final class Reckoning {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration PREPARE = Duration.ofSeconds(4);

  /** The switch of the mode before a turn, and the settling after it. */
  private static final Duration AROUND_A_TURN = Duration.ofSeconds(1);

  private static final Duration START_OF_A_PART = Duration.ofSeconds(4);
  private static final Duration CONTROL = Duration.ofSeconds(10);
  private static final Duration CHECKS_AND_REPORT = Duration.ofSeconds(10);

  private Reckoning() {}

  static Duration of(Plan plan, int modes) {
    var whole =
        START
            .plus(PREPARE)
            .plus(plan.windows().firstWarmUp().multipliedBy(modes))
            .plus(healthy(plan.windows()).multipliedBy((long) modes * plan.healthyRounds()))
            .plus(CONTROL)
            .plus(CHECKS_AND_REPORT);
    for (int round = 1; plan.hasFaults() && round <= plan.rounds(); round++) {
      whole = whole.plus(underFault(plan.windows(), plan.faultOf(round)).multipliedBy(modes));
    }
    return whole;
  }

  private static Duration healthy(Windows windows) {
    return AROUND_A_TURN
        .plus(windows.warmUp())
        .plus(windows.healthy())
        .plus(windows.closed().multipliedBy(Cell.CLOSED.size()));
  }

  private static Duration underFault(Windows windows, FaultWish fault) {
    return AROUND_A_TURN
        .plus(windows.warmUp())
        .plus(windows.fault())
        .plus(healing(fault))
        .plus(windows.after());
  }

  private static Duration healing(FaultWish fault) {
    return switch (fault.kind()) {
      case KILL, RESTART, KILL_ANYTHING -> START_OF_A_PART;
      default -> Duration.ZERO;
    };
  }
}
