/** What the demo says of a shop in order, and of a damaged one. */
@NullMarked
package dev.tandem.stack.demo;

import org.jspecify.annotations.NullMarked;
