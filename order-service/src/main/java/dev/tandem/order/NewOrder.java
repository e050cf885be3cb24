package dev.tandem.order;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order that nobody has decided yet.
 *
 * @param key under which the client may repeat its request; null if it sent none
 */
record NewOrder(UUID id, UUID customer, BigDecimal total, @Nullable RequestKey key) {

  @Nullable String keyText() {
    return key == null ? null : key.key();
  }

  @Nullable String fingerprint() {
    return key == null ? null : key.fingerprint();
  }
}
