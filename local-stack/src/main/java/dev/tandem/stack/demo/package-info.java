/**
 * The main job in every mode, in about a minute, with two faults in the middle: what each mode
 * does, told in words and checked by SQL.
 */
@NullMarked
package dev.tandem.stack.demo;

import org.jspecify.annotations.NullMarked;
