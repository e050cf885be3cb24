/** What a running stack has spent, by the counters of its own servers and of the kernel. */
@NullMarked
package dev.tandem.stack.meters;

import org.jspecify.annotations.NullMarked;
