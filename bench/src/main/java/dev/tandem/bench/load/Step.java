package dev.tandem.bench.load;

import dev.tandem.bench.history.Operation;

/**
 * One operation of one client, as drawn from the seed before anything was answered.
 *
 * @param due nanoseconds after the begin of the script
 * @param client counts from 0
 * @param number among the steps of this client, from 0
 * @param customer an index among those of the mode
 * @param amount of a limit or an order; "" of others
 * @param order of a cancel: the number of the client's step that placed the order; else -1
 */
public record Step(
    long due, int client, int number, Operation operation, int customer, String amount, int order) {

  /** Not a cancel. */
  static final int NO_ORDER = -1;
}
