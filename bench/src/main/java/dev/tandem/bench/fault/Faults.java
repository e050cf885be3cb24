package dev.tandem.bench.fault;

import dev.tandem.bench.plan.FaultWish;
import dev.tandem.stack.Stack;
import java.nio.file.Path;

/** From a plan's wish to the fault. */
public final class Faults {
  private final Stack stack;
  private final Links links;
  private final Path data;

  /**
   * @param data the folder in which each part has its data folder
   */
  public Faults(Stack stack, Links links, Path data) {
    this.stack = stack;
    this.links = links;
    this.data = data;
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
      case "full-disk" -> new FullDisk(stack, wish.part(), data.resolve(wish.part()));
      case "repeat-messages" -> new RepeatMessages(stack);
      case "cut-link" -> link(wish, LinkState.CUT);
      case "slow-link" -> link(wish, LinkState.SLOW);
      case "half-open-link" -> link(wish, LinkState.HALF_OPEN);
      case "reset-link" -> link(wish, LinkState.RESET);
      default -> throw new IllegalArgumentException("no fault " + wish.fault());
    };
  }

  /** Takes away what faults have put below a stack's folder; its parts must have ended. */
  public static void leaveNothing(Path home) {
    FullDisk.unmountBelow(home);
  }

  private Fault link(FaultWish wish, LinkState state) {
    var proxy = links.between(wish.from(), wish.to());
    return new LinkFault(wish.fault(), wish.from(), wish.to(), proxy, state, wish.delay());
  }
}
