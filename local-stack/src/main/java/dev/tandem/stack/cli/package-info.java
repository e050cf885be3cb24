/**
 * The commands of {@code ./tandem}: read what was typed, have {@link dev.tandem.stack.Stack} do it,
 * say what happened.
 */
@NullMarked
package dev.tandem.stack.cli;

import org.jspecify.annotations.NullMarked;
