/**
 * Breaks a running stack at exact steps of a change, and looks into both databases afterwards. The
 * steps are Byteman rules in {@code src/test/resources/crash}; main code knows nothing of them.
 */
@NullMarked
package dev.tandem.stack.crash;

import org.jspecify.annotations.NullMarked;
