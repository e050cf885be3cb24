/**
 * The shop seen from outside: its public API as any client speaks it, and both databases, read by
 * SQL, to check afterwards what the answers claimed.
 */
@NullMarked
package dev.tandem.stack.shop;

import org.jspecify.annotations.NullMarked;
