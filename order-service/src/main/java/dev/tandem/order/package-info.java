/**
 * The orders, and the copy of the credit limits that they are decided on. How a limit gets here is
 * the affair of the rooms in {@code dev.tandem.mode}; here it is only taken in.
 */
@NullMarked
package dev.tandem.order;

import org.jspecify.annotations.NullMarked;
