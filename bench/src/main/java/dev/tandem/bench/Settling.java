package dev.tandem.bench;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import dev.tandem.stack.Waiting;
import dev.tandem.stack.shop.ShopCheck;
import java.sql.SQLException;
import java.time.Duration;

/** Waits until nothing is under way, as both databases show it. */
final class Settling {
  /** Longer than anything that ends by itself takes; what is left then is for the checks. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Stack stack;

  Settling(Stack stack) {
    this.stack = stack;
  }

  /** False if something was left when the limit had passed. */
  boolean await() {
    return Waiting.until(LIMIT, this::nothingIsUnderWay);
  }

  /** Puts the mode in force; tries again while something under way holds the one before. */
  void switchTo(String mode) {
    if (!Waiting.until(LIMIT, () -> isSwitched(mode))) {
      stack.switchTo(mode, "bench");
    }
  }

  private boolean isSwitched(String mode) {
    try {
      stack.switchTo(mode, "bench");
      return true;
    } catch (StackException held) {
      return false;
    }
  }

  private boolean nothingIsUnderWay() {
    try {
      return new ShopCheck(stack.addresses("customer-db"), stack.addresses("order-db"))
          .nothingIsUnderWay()
          .holds();
    } catch (SQLException away) {
      return false;
    }
  }
}
