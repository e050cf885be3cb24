/** Compares the modes on the real stack: the command, and the run from start to report. */
@NullMarked
package dev.tandem.bench;

import org.jspecify.annotations.NullMarked;
