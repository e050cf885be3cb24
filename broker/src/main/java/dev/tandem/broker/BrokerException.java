package dev.tandem.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot work; the message is a sentence that says why, and the cure. */
final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerException(String message) {
    super(message);
  }

  BrokerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
