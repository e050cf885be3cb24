/**
 * Runs the whole shop on one machine, each part a process of its own: starts, ends, kills, freezes
 * and asks them. {@link dev.tandem.stack.Stack} is the way in, for the commands and for tests. Not
 * for production.
 */
@NullMarked
package dev.tandem.stack;

import org.jspecify.annotations.NullMarked;
