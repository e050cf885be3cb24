package dev.tandem.bench.load;

/** Nanoseconds since the run's start, by the driver's monotonic clock: the only time of a run. */
public final class RunClock {
  private final long began = System.nanoTime();

  public long now() {
    return System.nanoTime() - began;
  }

  /** How long it is from now until that time; negative when it is over. */
  long until(long time) {
    return time - now();
  }
}
