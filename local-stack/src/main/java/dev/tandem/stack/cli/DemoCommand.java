package dev.tandem.stack.cli;

import dev.tandem.stack.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows in about a minute what the mode in force does, with a fault, on real processes. */
@Command(
    name = "demo",
    description = "Do the main job, with a fault in the middle, and check both databases.",
    mixinStandardHelpOptions = true)
final class DemoCommand extends StackCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    var stack = stack();
    if (!stack.isUp()) {
      stack.up(false);
    }
    boolean allHeld = new Demo(stack, out()).tell();
    out().println();
    out()
        .println(
            allHeld
                ? "Every check held. Tandem is still up; ./tandem down stops it."
                : "A CHECK FAILED: see BAD above. Tandem is still up; ./tandem down stops it.");
    out().flush();
    return allHeld ? 0 : 1;
  }
}
