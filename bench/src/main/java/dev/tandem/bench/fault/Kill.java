package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;

/** kill -9 of a part and all its children. It stays away until it is started again. */
record Kill(Stack stack, String part) implements Fault {
  @Override
  public Healing strike() {
    long pid = Processes.pidOf(stack, part);
    stack.kill(part);
    return new Healing() {
      @Override
      public void close() {
        Processes.start(stack, part);
      }

      @Override
      public String evidence() {
        return "process " + pid + " was gone"; // else the kill would have failed
      }
    };
  }
}
