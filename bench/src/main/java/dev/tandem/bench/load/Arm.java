package dev.tandem.bench.load;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One mode with customers of its own, so that a promise broken with one of them is this mode's.
 *
 * @param customers by index, as {@link Step#customer} has it
 * @param orders their ids, by the step that placed them
 */
public record Arm(
    String mode, List<String> customers, Map<String, String> orders, Set<OpenOrder> open) {

  /** One that was approved, and that no cancel is known to have closed. */
  record OpenOrder(String order, String customer) {}

  public Arm(String mode, List<String> customers) {
    this(mode, List.copyOf(customers), new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
  }

  /** What the service has called the order of that step; empty while no answer has told it. */
  Optional<String> orderOf(Place place, int client, int step) {
    return Optional.ofNullable(orders.get(key(place, client, step)));
  }

  void placed(Place place, int client, int step, String order) {
    orders.put(key(place, client, step), order);
  }

  private static String key(Place place, int client, int step) {
    return place.round() + " " + place.window() + " " + client + " " + step;
  }
}
