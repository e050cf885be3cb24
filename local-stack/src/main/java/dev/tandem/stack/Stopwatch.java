package dev.tandem.stack;

import java.util.Locale;

/** Says how long ago it was started. */
final class Stopwatch {
  private static final double NANOS_OF_A_SECOND = 1e9;

  private final long began = System.nanoTime();

  private Stopwatch() {}

  static Stopwatch start() {
    return new Stopwatch();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / NANOS_OF_A_SECOND);
  }
}
