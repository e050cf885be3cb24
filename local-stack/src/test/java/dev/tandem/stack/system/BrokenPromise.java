package dev.tandem.stack.system;

import dev.tandem.stack.shop.Evidence;

/** A look into both databases found that a mode has not kept them together. */
final class BrokenPromise extends AssertionError {
  private static final long serialVersionUID = 1L;

  private BrokenPromise(Evidence evidence) {
    super(evidence.claim() + ": " + evidence.words());
  }

  static void unless(Evidence evidence) {
    if (!evidence.holds()) {
      throw new BrokenPromise(evidence);
    }
  }
}
