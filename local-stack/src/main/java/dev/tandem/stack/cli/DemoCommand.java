package dev.tandem.stack.cli;

import dev.tandem.stack.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Shows in about a minute what each enabled mode does, with two faults, on real processes; {@code
 * besteffort} alone where it is in force. The exit code is 1 if a check failed.
 */
@Command(
    name = "demo",
    description =
        "Do the main job in every mode, kill the broker and order-service in the middle of it, and check both databases;"
            + " exit 1 if a check fails.",
    mixinStandardHelpOptions = true)
final class DemoCommand extends StackCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    var stack = stack();
    if (!stack.isUp()) {
      stack.up(false);
    }
    return new Demo(stack, out()).tell() ? 0 : 1;
  }
}
