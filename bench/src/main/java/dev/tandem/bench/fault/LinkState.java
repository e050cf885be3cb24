package dev.tandem.bench.fault;

/** What a proxy does with what passes. */
enum LinkState {
  /** Passes everything on at once. */
  OPEN,
  /** Passes everything on after the delay. */
  SLOW,
  /** Resets what is connected, and whatever connects. */
  CUT,
  /** Takes everything and passes nothing on, as towards a machine that has lost its power. */
  HALF_OPEN,
  /** Passes requests on; resets the connection when the answer comes. */
  RESET
}
