package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;

/** Stops the clock for a part (SIGSTOP): it keeps its connections and answers nothing. */
record Freeze(Stack stack, String part) implements Fault {
  @Override
  public Healing strike() {
    long pid = Processes.pidOf(stack, part);
    freeze();
    return new Healing() {
      @Override
      public void close() {
        stack.thaw(part);
      }

      @Override
      public String evidence() {
        return "process " + pid + " was stopped"; // else the freeze would have failed
      }
    };
  }

  /** Some of its processes may stand still already when it fails. */
  private void freeze() {
    try {
      stack.freeze(part);
    } catch (RuntimeException failed) {
      stack.thaw(part);
      throw failed;
    }
  }
}
