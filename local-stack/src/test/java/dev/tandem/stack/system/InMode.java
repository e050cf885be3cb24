package dev.tandem.stack.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the class a {@link RunningShop} in this mode, the same one to all classes of a run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InMode.OneShopPerMode.class)
public @interface InMode {
  String value();

  /** Starts a shop when the first class asks for it, and ends it with the whole run. */
  final class OneShopPerMode implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == RunningShop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      var mode = test.getRequiredTestClass().getAnnotation(InMode.class).value();
      return test.getRoot()
          .getStore(Namespace.create(InMode.class))
          .computeIfAbsent(mode, RunningShop::up, RunningShop.class);
    }
  }
}
