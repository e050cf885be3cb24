package dev.tandem.stack;

/**
 * Something that the person at the keyboard can cure; the message is a sentence for them that says
 * how.
 */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }

  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
