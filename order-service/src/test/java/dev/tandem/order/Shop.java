package dev.tandem.order;

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
    final OrderService service = new OrderService(database, owner);

    @Override
    public void close() throws Exception {
      service.close();
      owner.close();
      database.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    var type = parameter.getParameter().getType();
    return type == OrderService.class || type == OrdersDatabase.class || type == Owner.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    var running =
        test.getRoot()
            .getStore(ExtensionContext.Namespace.create(Shop.class))
            .computeIfAbsent(Running.class, first -> new Running(), Running.class);
    var type = parameter.getParameter().getType();
    return type == OrderService.class
        ? running.service
        : type == Owner.class ? running.owner : running.database;
  }
}
