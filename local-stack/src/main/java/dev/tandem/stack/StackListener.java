package dev.tandem.stack;

/**
 * Hears what happens to the parts, one short sentence each. Called from several threads, also while
 * a stack starts.
 */
@FunctionalInterface
public interface StackListener {
  /** Hears nothing. */
  StackListener SILENT = (part, what) -> {};

  void heard(String part, String what);
}
