package dev.tandem.bench.load;

import dev.tandem.bench.history.Operation;
import java.util.Map;

/**
 * What a load is like. Amounts are whole units of the currency; cents are drawn besides.
 *
 * @param rate operations a second of the open loop, of all clients together
 * @param customers how many each mode has of its own
 * @param mix how many of each operation among all of them: weights, at least one of them not 0
 */
public record Shape(
    int rate,
    int clients,
    int customers,
    Spread spread,
    Limits limits,
    Range limit,
    Range order,
    Map<Operation, Integer> mix) {

  /** From the lowest to the highest, both included. */
  public record Range(int from, int to) {}

  /** The same customers, but nothing else than changes of limits: what the closed loops do. */
  public Shape onlyChanges(int atOnce, Spread over) {
    return new Shape(
        rate, atOnce, customers, over, Limits.ANY, limit, order, Map.of(Operation.CHANGE_LIMIT, 1));
  }
}
