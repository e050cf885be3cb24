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
    return switch (wish.kind()) {
      case KILL -> new Kill(stack, wish.part());
      case FREEZE -> new Freeze(stack, wish.part());
      case RESTART -> new Restart(stack, wish.part());
      case KILL_ANYTHING -> new KillAnything(stack, seed);
      case FULL_DISK -> new FullDisk(stack, wish.part(), data.resolve(wish.part()));
      case REPEAT_MESSAGES -> new RepeatMessages(stack, links.ofMessages(), seed);
      case CUT_LINK -> link(wish, LinkState.CUT);
      case SLOW_LINK -> link(wish, LinkState.SLOW);
      case HALF_OPEN_LINK -> link(wish, LinkState.HALF_OPEN);
      case RESET_LINK -> link(wish, LinkState.RESET);
    };
  }

  /** Takes away what faults have put below a stack's folder; its parts must have ended. */
  public static void leaveNothing(Path home) {
    FullDisk.unmountBelow(home);
  }

  private Fault link(FaultWish wish, LinkState state) {
    var proxy = links.between(wish.from(), wish.to());
    return new LinkFault(wish.from(), wish.to(), proxy, state, wish.delay());
  }
}
