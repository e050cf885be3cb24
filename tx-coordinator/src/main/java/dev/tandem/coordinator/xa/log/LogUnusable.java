package dev.tandem.coordinator.xa.log;

import org.jspecify.annotations.Nullable;

/** The log cannot be opened; the message says why and what to do. Nothing was changed in it. */
public final class LogUnusable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LogUnusable(String sentence) {
    this(sentence, null);
  }

  LogUnusable(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
