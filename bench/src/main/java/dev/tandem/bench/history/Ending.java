package dev.tandem.bench.history;

/** How a call ended, as far as its client can know. */
public enum Ending {
  /** It took place. */
  OK,
  /** The service decided against it: 409, 412, or an order that is REJECTED. */
  REFUSED,
  /**
   * Nothing took place, for certain: 503 with Retry-After, other 4xx, nobody there to connect to.
   */
  FAILED,
  /** 202, outcome-unknown, no answer, a limit of time, a reset: it may have taken place. */
  UNKNOWN
}
