/**
 * Remembers which change a client's {@code Idempotency-Key} stands for. What became of the change
 * is not remembered here: the change row says it.
 */
@NullMarked
package dev.tandem.customer.idempotency;

import org.jspecify.annotations.NullMarked;
