package dev.tandem.bench.fault;

import dev.tandem.bench.plan.FaultWish;
import dev.tandem.stack.Stack;

/** From a plan's wish to the fault. */
public final class Faults {
  private final Stack stack;
  private final Links links;

  public Faults(Stack stack, Links links) {
    this.stack = stack;
    this.links = links;
  }

  /**
   * @param seed for faults that draw
   */
  public Fault of(FaultWish wish, long seed) {
    return switch (wish.fault()) {
      case "kill" -> new Kill(stack, wish.part());
      case "freeze" -> new Freeze(stack, wish.part());
      case "restart" -> new Restart(stack, wish.part());
      case "kill-anything" -> new KillAnything(stack, seed);
      case "cut-link" -> link(wish, LinkState.CUT);
      case "slow-link" -> link(wish, LinkState.SLOW);
      case "half-open-link" -> link(wish, LinkState.HALF_OPEN);
      case "reset-link" -> link(wish, LinkState.RESET);
      default -> throw new IllegalArgumentException("no fault " + wish.fault());
    };
  }

  private Fault link(FaultWish wish, LinkState state) {
    var proxy = links.between(wish.from(), wish.to());
    return new LinkFault(wish.fault(), wish.from(), wish.to(), proxy, state, wish.delay());
  }
}
