/** Makes the load: which operations, drawn from one seed, and when each is due. */
@NullMarked
package dev.tandem.bench.load;

import org.jspecify.annotations.NullMarked;
