/**
 * Lets a change stand still at an exact step inside a running part, and proves that it does. The
 * steps are Byteman rules in {@code src/test/resources/crash}; main code knows nothing of them.
 * What is done to whoever stands there is not for this package.
 */
@NullMarked
package dev.tandem.stack.steps;

import org.jspecify.annotations.NullMarked;
