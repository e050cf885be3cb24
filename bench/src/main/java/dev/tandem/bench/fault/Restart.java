package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;

/** kill -9, and a new start at once. */
record Restart(Stack stack, String part) implements Fault {
  @Override
  public Healing strike() {
    long before = Processes.pidOf(stack, part);
    stack.kill(part);
    Processes.start(stack, part);
    long after = Processes.pidOf(stack, part);
    return new Healing() {
      @Override
      public void close() {}

      @Override
      public String evidence() {
        return before == after ? "" : "process " + before + " became " + after;
      }
    };
  }
}
