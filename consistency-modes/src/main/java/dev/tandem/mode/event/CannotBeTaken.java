package dev.tandem.mode.event;

/** A change that this copy has refused for ever, and its owner has committed. */
final class CannotBeTaken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CannotBeTaken(String reason) {
    super(reason, null, false, false);
  }
}
