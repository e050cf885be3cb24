/**
 * Long, random and hostile: clients that do everything at once while processes are killed, and a
 * full account afterwards. What happens at one exact step is not for this package, see {@code
 * crash}.
 */
@NullMarked
package dev.tandem.stack.soak;

import org.jspecify.annotations.NullMarked;
