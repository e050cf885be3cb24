package dev.tandem.order;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One order-service on one real database for all tests of a run. Tests use customers of their own,
 * so they do not meet.
 */
final class Shop implements ParameterResolver {

  /** What is running; closed at the end of the run. */
  static final class Running implements AutoCloseable {
    final OrdersDatabase database = new OrdersDatabase();
    final Owner owner = new Owner();
    final Actions actions = new Actions();
    final OrderService service = new OrderService(database, owner, actions.setting());

    LockWait locks() {
      var patient = new OrderService(database, owner, actions.setting(), LockWait.PATIENT);
      return new LockWait(service, patient, database);
    }

    @Override
    public void close() throws Exception {
      service.close();
      owner.close();
      actions.close();
      database.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    var type = parameter.getParameter().getType();
    return List.of(
            OrderService.class, OrdersDatabase.class, Owner.class, Actions.class, LockWait.class)
        .contains(type);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    var store = test.getRoot().getStore(ExtensionContext.Namespace.create(Shop.class));
    var running = store.computeIfAbsent(Running.class, first -> new Running(), Running.class);
    var type = parameter.getParameter().getType();
    if (type == LockWait.class) { // closed before what it came after
      return store.computeIfAbsent(LockWait.class, first -> running.locks(), LockWait.class);
    }
    if (type == OrderService.class) {
      return running.service;
    }
    if (type == Actions.class) {
      return running.actions;
    }
    return type == Owner.class ? running.owner : running.database;
  }
}
