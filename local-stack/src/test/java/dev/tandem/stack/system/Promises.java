package dev.tandem.stack.system;

import java.lang.reflect.Method;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Turns the cases round that a mode does not promise: such a case passes only if its look into the
 * databases really finds the promise broken. So a liar that is not caught is red, and so is a mode
 * that has come to keep more than it says.
 */
final class Promises implements InvocationInterceptor {
  private final Set<String> notPromised;

  Promises(Class<?> contract, String... notPromised) {
    this.notPromised = Set.of(notPromised);
    var cases =
        ReflectionSupport.findMethods(contract, method -> true, HierarchyTraversalMode.TOP_DOWN)
            .stream()
            .map(Method::getName)
            .toList();
    if (!cases.containsAll(this.notPromised)) {
      throw new IllegalArgumentException("of " + this.notPromised + " not all are in " + cases);
    }
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext all)
      throws Throwable {
    var name = test.getExecutable().getName();
    if (notPromised.contains(name)) {
      mustBeCaught(invocation, name);
    } else {
      invocation.proceed();
    }
  }

  private static void mustBeCaught(Invocation<Void> invocation, String name) throws Throwable {
    try {
      invocation.proceed();
    } catch (BrokenPromise caught) {
      return;
    }
    throw new AssertionError(
        name + " passes, though the mode is said not to promise it: is the check blind?");
  }
}
