package dev.tandem.mode.event;

/** A message that nobody here can read, now or later. The text says why. */
final class UnreadableMessage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableMessage(String reason) {
    super(reason, null, false, false);
  }
}
