package dev.tandem.stack.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the class a {@link RunningShop} in this mode, the same one to all classes of a run: its
 * mode is changed while it runs. Only {@code besteffort} has one of its own, and a class that runs
 * beside the others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InMode.OneShop.class)
public @interface InMode {
  String value();

  /** Whether the class has a shop to itself, which begins and ends with it. */
  boolean alone() default false;

  /** Starts the shop when the first class asks for it, and ends it with the whole run. */
  final class OneShop implements ParameterResolver {
    private static final List<String> PROMISING = List.of("xa", "lra", "event");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == RunningShop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      var asked = test.getRequiredTestClass().getAnnotation(InMode.class);
      var modes = PROMISING.contains(asked.value()) ? PROMISING : List.of(asked.value());
      var owner = asked.alone() ? test : test.getRoot();
      var name = asked.alone() ? test.getRequiredTestClass().getSimpleName() : modes.get(0);
      var shop =
          owner
              .getStore(Namespace.create(InMode.class))
              .computeIfAbsent(name, home -> RunningShop.up(home, modes), RunningShop.class);
      shop.changeTo(asked.value());
      return shop;
    }
  }
}
