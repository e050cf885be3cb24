/**
 * The main job in about a minute, with a fault in the middle: what a mode does, told in words and
 * checked by SQL.
 */
@NullMarked
package dev.tandem.stack.demo;

import org.jspecify.annotations.NullMarked;
