package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import dev.tandem.stack.shop.ShopCheck;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is known of one mode in one run.
 *
 * @param calls of this mode: every call that could change its customers must be among them
 * @param customers of this mode alone; no other mode touches them
 */
public record Material(
    String mode, List<Call> calls, Set<String> customers, RunFacts facts, TwoDatabases databases) {

  static Material of(String mode, RunFacts facts, List<Call> all, TwoDatabases databases) {
    var calls = all.stream().filter(call -> call.mode().equals(mode)).toList();
    var customers =
        calls.stream()
            .map(Call::customer)
            .filter(customer -> !customer.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    return new Material(mode, calls, customers, facts, databases);
  }

  /** Both databases as if there were no other customers. */
  ShopCheck shop() {
    return databases.shop().of(customers);
  }

  /** Calls that create a customer or change a limit. */
  Stream<Call> changes() {
    return calls.stream()
        .filter(
            call ->
                call.operation() == Operation.CHANGE_LIMIT
                    || call.operation() == Operation.CREATE_CUSTOMER);
  }

  Stream<Call> orders() {
    return calls.stream().filter(call -> call.operation() == Operation.PLACE_ORDER);
  }

  /** The service decided, one way or the other, and the client has read it. */
  static boolean isDecided(Call call) {
    return call.ending() == Ending.OK || call.ending() == Ending.REFUSED;
  }
}
