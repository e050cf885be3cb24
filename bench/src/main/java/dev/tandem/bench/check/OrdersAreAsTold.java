package dev.tandem.bench.check;

import dev.tandem.bench.check.TwoDatabases.Order;
import dev.tandem.bench.check.Unexplained.Stored;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Orders that a client was told are approved, rejected or cancelled are stored so, and there is
 * none that nobody can have placed.
 */
final class OrdersAreAsTold implements Check {

  @Override
  public String promise() {
    return "orders are as clients were told";
  }

  @Override
  public Evidence of(Material material) throws SQLException {
    var stored = material.databases().orders(material.customers());
    var byId = stored.stream().collect(Collectors.toMap(Order::id, Function.identity()));
    var told = material.calls().stream().filter(OrdersAreAsTold::tellsOfAnOrder).toList();
    var wrong = new ArrayList<String>();
    for (var call : told) {
      var order = byId.get(call.orderId());
      if (!isAsTold(call, order)) {
        wrong.add(words(call, order));
      }
    }
    wrong.addAll(unexplained(material, stored));
    return Evidence.of(told.size(), wrong);
  }

  private static boolean tellsOfAnOrder(Call call) {
    return !call.orderId().isEmpty()
        && (call.operation() == Operation.PLACE_ORDER && Material.isDecided(call)
            || call.operation() == Operation.CANCEL_ORDER && call.ending() == Ending.OK);
  }

  private static boolean isAsTold(Call call, @Nullable Order order) {
    if (order == null) {
      return false;
    }
    return call.operation() == Operation.CANCEL_ORDER
        ? order.state().equals("CANCELLED")
        : order.rejected() == (call.ending() == Ending.REFUSED);
  }

  private static String words(Call call, @Nullable Order order) {
    return "order %s of %s: %s was answered %s, it is %s"
        .formatted(
            call.orderId(),
            call.customer(),
            call.operation(),
            call.ending(),
            order == null ? "not there" : order.state());
  }

  private static List<String> unexplained(Material material, List<Order> stored) {
    var told =
        material
            .orders()
            .filter(Material::isDecided)
            .map(Call::orderId)
            .collect(Collectors.toSet());
    var others =
        stored.stream()
            .filter(order -> !told.contains(order.id()))
            .map(order -> new Stored(order.id(), order.customer(), order.total(), words(order)))
            .toList();
    return new Unexplained(material.orders(), Call::orderId).among(others);
  }

  private static String words(Order order) {
    return "order %s of %s over %s is %s, and nobody placed it"
        .formatted(order.id(), order.customer(), order.total(), order.state());
  }
}
