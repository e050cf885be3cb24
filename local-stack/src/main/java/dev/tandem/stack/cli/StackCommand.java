package dev.tandem.stack.cli;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackSettings;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/** What all commands have: the stack to work on, and where to print. */
abstract class StackCommand {
  @ParentCommand private @Nullable Tandem tandem;

  final StackSettings settings() {
    return tandem().settings();
  }

  /** The stack of these settings. Parts that it starts live on after the command. */
  final Stack stack(StackSettings chosen) {
    return Stack.of(chosen, this::print);
  }

  final Stack stack() {
    return stack(settings());
  }

  final PrintWriter out() {
    return tandem().out();
  }

  private void print(String part, String what) {
    out().printf("%-17s %s%n", part, what);
    out().flush();
  }

  private Tandem tandem() {
    return Objects.requireNonNull(tandem);
  }
}
