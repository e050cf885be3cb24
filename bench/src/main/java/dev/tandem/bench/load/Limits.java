package dev.tandem.bench.load;

/** How the limits of one customer follow each other. */
public enum Limits {
  /** Anything between lowest and highest: raised as often as lowered. */
  ANY,
  /** From the highest down in steps to the lowest, then from the top again. */
  FALLING
}
