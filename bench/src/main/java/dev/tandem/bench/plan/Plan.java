package dev.tandem.bench.plan;

import dev.tandem.bench.load.Shape;
import java.time.Duration;
import java.util.List;

/**
 * One question, and what is done to answer it. In each round each mode has its turn: first in all
 * rounds healthy, then in all rounds with a fault.
 *
 * @param question for people
 * @param healthyRounds those without a fault
 * @param rounds those with a fault, if there are faults
 * @param faults none, or one for each round in turn
 */
public record Plan(
    String name,
    String question,
    Shape load,
    Windows windows,
    int healthyRounds,
    int rounds,
    List<FaultWish> faults) {

  /**
   * How long each window is.
   *
   * @param firstWarmUp of eight clients that never wait, in each mode before the first round; not
   *     measured, and none if it is zero
   * @param warmUp at the beginning of each turn, at the plan's rate; not measured
   * @param fault from the fault to its healing; the healing itself may take longer
   * @param after from the healing on
   * @param closed of each of the three closed loops (one client, eight, eight on one customer);
   *     none if it is zero
   */
  public record Windows(
      Duration firstWarmUp,
      Duration warmUp,
      Duration healthy,
      Duration fault,
      Duration after,
      Duration closed) {}

  /** The fault of this round, from 1 on. The plan must have one. */
  public FaultWish faultOf(int round) {
    return faults.get((round - 1) % faults.size());
  }

  public boolean hasFaults() {
    return !faults.isEmpty();
  }

  public String roundsInWords() {
    var healthy = "%d %s healthy".formatted(healthyRounds, rounds(healthyRounds));
    return hasFaults() ? healthy + ", then %d with a fault".formatted(rounds) : healthy;
  }

  private static String rounds(int number) {
    return number == 1 ? "round" : "rounds";
  }

  /** So many of both kinds. */
  public Plan withRounds(int other) {
    return new Plan(name, question, load, windows, other, other, faults);
  }
}
