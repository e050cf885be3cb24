/** One class per promise: looks at history and databases, and returns evidence. */
@NullMarked
package dev.tandem.bench.check;

import org.jspecify.annotations.NullMarked;
