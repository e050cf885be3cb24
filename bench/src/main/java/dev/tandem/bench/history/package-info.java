/** What every call asked and got, as the driver saw it by its own clock. Judges nothing. */
@NullMarked
package dev.tandem.bench.history;

import org.jspecify.annotations.NullMarked;
